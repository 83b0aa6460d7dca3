package story

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
	"time"
	_ "time/tzdata" // a capital's zone must be known on a machine that has no zone files

	"entente/marking"
	"entente/party"
	"entente/text"
)

// MaxFile is the greatest length of a story in bytes.
const MaxFile = 2 << 20

// Parse reads a story and checks all that the package promises of one.
func Parse(b []byte) (*Story, error) {
	if len(b) > MaxFile {
		return nil, fmt.Errorf("the story has %d bytes; %d is the limit", len(b), MaxFile)
	}
	w, err := decode(b)
	if err != nil {
		return nil, err
	}
	r := &reader{}
	s := r.story(w)
	if r.err != nil {
		return nil, r.err
	}
	if err := s.check(); err != nil {
		return nil, err
	}
	return s, nil
}

// A reader turns wire forms into what cannot be ill-formed. It keeps the first fault; after it,
// what it returns is not used.
type reader struct {
	langs []text.Lang // of the story
	err   error
}

func (r *reader) fail(at, format string, args ...any) {
	if r.err == nil {
		r.err = fmt.Errorf("%s: %s", at, fmt.Sprintf(format, args...))
	}
}

// parsed calls a parser and keeps its error, with the place.
func parsed[T any](r *reader, at, s string, parse func(string) (T, error)) T {
	v, err := parse(s)
	if err != nil {
		r.fail(at, "%v", err)
	}
	return v
}

func (r *reader) story(w *wireStory) *Story {
	s := &Story{ID: w.ID, Languages: r.languages("languages", w.Languages)}
	r.langs = s.Languages
	s.Title, s.Notice = r.texts("title", w.Title, true), r.texts("notice", w.Notice, true)
	if len(w.Drafts) > 0 {
		s.Drafts = r.languages("drafts", w.Drafts)
	}
	s.Date = r.time("date", w.Date)
	for i, p := range w.Parties {
		s.Parties = append(s.Parties, r.party(fmt.Sprintf("parties[%d] %s", i, p.Code), p))
	}
	for i, g := range w.Groups {
		s.Groups = append(s.Groups, r.group(fmt.Sprintf("groups[%d]", i), g))
	}
	s.Steps, s.Settle, s.Margin = r.steps("steps", w.Steps), r.steps("settle", w.Settle), r.notes(w.Margin)
	return s
}

func (r *reader) languages(at string, list []string) []text.Lang {
	var out []text.Lang
	for _, l := range list {
		lang := parsed(r, at, l, text.ParseLang)
		if slices.Contains(out, lang) {
			r.fail(at, "%s stands twice", lang)
		}
		out = append(out, lang)
	}
	if len(out) == 0 {
		r.fail(at, "name at least one language")
	}
	return out
}

// texts reads a text that is there in every language of the story or, where it is not needed,
// in none.
func (r *reader) texts(at string, w wireTexts, needed bool) text.Texts {
	if len(w) == 0 && !needed {
		return nil
	}
	var t text.Texts
	for _, l := range r.langs {
		s, ok := w[string(l)]
		if !ok || s == "" {
			r.fail(at, "the %s text is missing", l)
		}
		if s != strings.TrimSpace(s) {
			r.fail(at, "the %s text begins or ends with a space", l)
		}
		t = t.With(l, s)
	}
	if len(w) > len(r.langs) {
		r.fail(at, "there is a text in a language that is not one of the story's")
	}
	if err := t.Check(); err != nil {
		r.fail(at, "%v", err)
	}
	return t
}

func (r *reader) time(at, s string) time.Time {
	return parsed(r, at, s, func(s string) (time.Time, error) { return time.Parse(time.RFC3339, s) })
}

func (r *reader) codes(at string, list []string) []party.Code {
	var out []party.Code
	for _, s := range list {
		c := parsed(r, at, s, party.ParseCode)
		if slices.Contains(out, c) {
			r.fail(at, "%s stands twice", c)
		}
		out = append(out, c)
	}
	return out
}

func (r *reader) party(at string, w wireParty) Party {
	p := Party{Code: parsed(r, at, w.Code, party.ParseCode), Names: r.texts(at+": names", w.Names, true),
		Capital: r.texts(at+": capital", w.Capital, true), Languages: r.languages(at+": languages", w.Languages)}
	p.Zone = parsed(r, at+": zone", w.Zone, time.LoadLocation)
	if w.Zone == "" || w.Zone == "Local" {
		r.fail(at, "the zone is missing")
	}
	r.calendar(at, &p, &w)
	for _, wp := range w.People {
		here := at + ": " + wp.ID
		p.People = append(p.People, Person{ID: parsed(r, here, wp.ID, party.ParsePerson), Name: r.texts(here+": name", wp.Name, true),
			Role: r.texts(here+": role", wp.Role, true), Agency: r.texts(here+": agency", wp.Agency, true), Powers: r.powers(here, wp.Powers)})
	}
	return p
}

var powers = [...]string{"propose", "accept", "remark", "convene", "administer", "certify"}

func (r *reader) powers(at string, list []string) []string {
	for i, p := range list {
		if !slices.Contains(powers[:], p) || slices.Contains(list[:i], p) {
			r.fail(at, "the power %.20q is unknown, or stands twice: %s", p, strings.Join(powers[:], ", "))
		}
	}
	return list
}

func (r *reader) group(at string, w wireGroup) Group {
	if w.Number == nil {
		r.fail(at, "the number is missing")
		return Group{}
	}
	g := Group{Number: *w.Number, Name: r.texts(at+": name", w.Name, true), Terms: r.texts(at+": terms", w.Terms, true),
		Parties: r.codes(at+": parties", w.Parties), Marking: parsed(r, at+": marking", w.Marking, marking.Parse), Silence: r.silence(at+": silence", w.Silence), InStep: w.InStep}
	for _, c := range w.Chairs {
		g.Chairs = append(g.Chairs, Chair{parsed(r, at+": chairs", c.Party, party.ParseCode), parsed(r, at+": chairs", c.Person, party.ParsePerson)})
	}
	return g
}

func (r *reader) steps(list string, ws []wireStep) []Step {
	out := make([]Step, 0, len(ws))
	for i := range ws {
		out = append(out, r.step(place(list, i, ws[i].Act, ws[i].Element), &ws[i]))
	}
	return out
}

// place names a step in an error: "steps[12], table A-1.1.2".
func place(list string, i int, act, element string) string {
	return fmt.Sprintf("%s[%d], %.20s %.40s", list, i, act, element)
}

var refForm = regexp.MustCompile(`^[A-Z]{1,2}-[1-9][0-9]{0,5}(\.[1-9][0-9]{0,5}){0,5}$`)

const maxRef = 32 // bytes

func (r *reader) ref(at, s string) string {
	if len(s) > maxRef || !refForm.MatchString(s) {
		r.fail(at, "%.40q is no reference: write it like A-1.1.2", s)
	}
	return s
}

func (r *reader) day(at, s string) string {
	if _, err := time.Parse(time.DateOnly, s); s != "" && err != nil {
		r.fail(at, "%.20q is no day: write it like 2017-12-19", s)
	}
	return s
}

func (r *reader) step(at string, w *wireStep) Step {
	s := Step{At: r.time(at, w.At), Party: parsed(r, at, w.Party, party.ParseCode), By: parsed(r, at, w.By, party.ParsePerson),
		Act: Act(w.Act), Element: r.ref(at, w.Element)}
	if w.Group == nil {
		r.fail(at, "the group is missing")
		return s
	}
	s.Group = *w.Group
	if s.Act == Table {
		s.Content = r.content(at, &w.wireContent)
		r.watched(at, s.Content, &w.wireWatched)
	} else {
		s.Text = r.texts(at+": text", w.Text, s.Act == Withdraw || s.Act == Remark || s.Act == Report || s.Act == Dispute)
	}
	if w.Of != "" {
		s.Of = parsed(r, at+": of", w.Of, party.ParseCode)
	}
	s.Sort, s.AsOf, s.Progress, s.Disputes = w.Sort, r.day(at+": as_of", w.AsOf), w.Progress, w.Disputes
	r.talks(at, &s, w)
	r.observed(at, &s, &w.wireObserved)
	r.fits(at, w)
	return s
}

var (
	sorts    = []string{"comment", "objection", "reservation", "interpretation", "scrutiny"}
	progress = []string{"not begun", "under way", "done", "stopped"}
	disputes = []string{"starts", "replies", "closes"}
)

// fits refuses a step that lacks what its act needs, or has what means nothing there.
func (r *reader) fits(at string, w *wireStep) {
	act := Act(w.Act)
	if !slices.Contains([]Act{Table, Accept, Withdraw, Remark, Report, Refer, Certify, Sit, Observe, Attest, Dispute}, act) {
		r.fail(at, "the act is one of table, accept, withdraw, remark, report, refer, certify, sit, observe, attest, dispute")
	}
	need := func(name string, there, wanted bool) {
		if there != wanted {
			r.fail(at, "a step has “%s” where its act needs it, and nowhere else", name)
		}
	}
	need("of", w.Of != "", act == Accept && !w.Offered || act == Refer || act == Certify)
	need("sort", slices.Contains(sorts, w.Sort), act == Remark)
	need("as_of", w.AsOf != "", act == Report || act == Attest || act == Dispute)
	need("progress", slices.Contains(progress, w.Progress), act == Report)
	need("disputes", slices.Contains(disputes, w.Disputes), act == Dispute)
	need("kind", w.Kind != "", act == Table)
	if act != Table && (!w.wireContent.onlyText() || w.wireWatched != wireWatched{}) {
		r.fail(at, "only a table step has an element's content")
	}
}

func (w *wireContent) onlyText() bool {
	return w.Kind == "" && w.Parent == "" && w.Order == 0 && w.Title == nil && w.Lead == nil && w.Support == nil && w.Due == "" &&
		w.Cites == nil && w.Source == nil && w.Marking == "" && w.SaidBy == nil && w.SaidOn == "" && w.Body == nil &&
		w.Paragraph == 0 && w.Quote == "" && w.Aside == nil && w.Amount == "" && w.Unit == nil &&
		w.Follows == nil && w.Contains == nil && w.Opens == "" && w.Closes == ""
}
