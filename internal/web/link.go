package web

import (
	"context"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/a-h/templ"

	"entente/group"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// linkData is one step of linking two servers: inviting, taking up an invitation, accepting a reply.
type linkData struct {
	Number party.Number `json:"number"` // this party's own
	From   *cardData    `json:"from,omitempty"`

	kind     string // "invite", "join", "accept"
	step     string // "ask", "compare", "done"
	problems []ui.Problem
	code     string
	file     string // base64 of the file that was read, kept between the steps
	fields   []*wordsField
	group    groupForm
	charter  group.Charter // as proposed
	invited  party.Code
	expires  time.Time
	made     []byte // the file that was written
	name     string // of the file that was written
	group1   string // handle of the group that was convened
	other    ui.Party
}

// cardData is whose card a file holds.
type cardData struct {
	Code   party.Code   `json:"code"`
	Names  text.Texts   `json:"names"`
	Number party.Number `json:"number"`
}

func (s *Server) linkOf(kind string) linkData {
	return linkData{Number: s.chancery.Card().Number(), kind: kind, step: "ask", group: s.groupForm(false),
		fields: []*wordsField{{name: "names", label: "invite.names", hint: "invite.names.hint", langs: s.chancery.Card().Languages, must: true}}}
}

// maylink keeps these pages to those who may link parties.
func (s *Server) maylink(p page) page {
	return func(w http.ResponseWriter, r *http.Request, v visit) {
		if !s.chancery.MayConvene(v.who) {
			s.fail(w, r, v, chancery.ErrWithheld)
			return
		}
		p(w, r, v)
	}
}

func (s *Server) showLink(w http.ResponseWriter, r *http.Request, v visit, d linkData) {
	status := http.StatusOK
	if len(d.problems) > 0 {
		status = http.StatusUnprocessableEntity
	}
	s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return linkView(f, d) })
}

// linkPage asks: for a party to invite, or for the file that came.
func (s *Server) linkPage(kind string) page {
	return s.maylink(func(w http.ResponseWriter, r *http.Request, v visit) { s.showLink(w, r, v, s.linkOf(kind)) })
}

// inviteForm writes an invitation.
func (s *Server) inviteForm(w http.ResponseWriter, r *http.Request, v visit) {
	d := s.linkOf("invite")
	d.code = strings.ToUpper(strings.TrimSpace(r.PostFormValue("code")))
	code, err := party.ParseCode(d.code)
	if err != nil {
		d.problems = append(d.problems, ui.Problem{Field: "code", Words: locale.T(r.Context(), "invite.code.wrong")})
	}
	names, wrong := d.fields[0].read(r)
	d.problems = append(d.problems, wrong...)
	terms, wrong := d.group.read(r, s)
	d.problems = append(d.problems, wrong...)
	if len(d.problems) == 0 {
		if len(terms.Name) > 0 {
			terms.Members = append(terms.Members, group.Member{Code: code, Names: names, Zone: d.group.otherZone})
		}
		d.made, err = s.chancery.Invite(r.Context(), v.who, code, names, terms)
		if err != nil && !s.refusedHere(w, r, v, err, &d.problems, map[string]string{"known": "code", "alike": "code"}) {
			return
		}
	}
	if len(d.problems) == 0 {
		d.step, d.name = "done", strings.ToLower(string(code))+".invite"
	}
	s.showLink(w, r, v, d)
}

// refusedHere puts a refusal beside its field; false where it was no refusal and has been answered.
func (s *Server) refusedHere(w http.ResponseWriter, r *http.Request, v visit, err error, into *[]ui.Problem, fields map[string]string) bool {
	problems, ok := problemAt(r.Context(), err, fields)
	if !ok {
		s.fail(w, r, v, err)
		return false
	}
	*into = append(*into, problems...)
	return true
}

// linkFile takes the file from the form: sent now, or kept from the step before.
func linkFile(r *http.Request) ([]byte, error) {
	if kept := r.PostFormValue("kept"); kept != "" {
		return base64.StdEncoding.DecodeString(kept)
	}
	f, _, err := r.FormFile("file")
	if err != nil {
		return nil, err
	}
	defer func() { _ = f.Close() }()
	return io.ReadAll(io.LimitReader(f, chancery.MaxLinkFile+1))
}

// linkRules says beside which field a refusal of a file or a number stands.
var linkRules = map[string]string{"number": "confirm", "file": "file", "invitation": "file", "expired": "file", "reply": "file", "other": "file", "again": "file", "known": "file"}

// fileForm reads an invitation or a reply, shows whose it says it is, and once the number has been
// compared takes it up.
func (s *Server) fileForm(kind string) page {
	return s.maylink(func(w http.ResponseWriter, r *http.Request, v visit) {
		d := s.linkOf(kind)
		file, err := linkFile(r)
		if err != nil || len(file) == 0 {
			var large *http.MaxBytesError
			if errors.As(err, &large) {
				s.fail(w, r, v, err)
				return
			}
			d.problems = []ui.Problem{{Field: "file", Words: locale.T(r.Context(), "link.file.missing")}}
			s.showLink(w, r, v, d)
			return
		}
		if err := s.readLink(r, &d, file); err != nil {
			if s.refusedHere(w, r, v, err, &d.problems, linkRules) {
				s.showLink(w, r, v, d)
			}
			return
		}
		d.step, d.file = "compare", base64.StdEncoding.EncodeToString(file)
		if r.PostForm.Has("confirm") {
			s.compared(w, r, v, &d, file)
			return
		}
		s.showLink(w, r, v, d)
	})
}

// readLink reads what the file says.
func (s *Server) readLink(r *http.Request, d *linkData, file []byte) error {
	var card party.Card
	if d.kind == "join" {
		inv, err := s.chancery.ReadInvitation(file)
		if err != nil {
			return err
		}
		card, d.charter, d.invited, d.expires = inv.Card, inv.Group, inv.Invited, inv.Expires
	} else {
		reply, err := s.chancery.ReadReply(r.Context(), file)
		if err != nil {
			return err
		}
		card = reply.Card
	}
	d.From = &cardData{card.Code, card.Names, card.Number()}
	d.other = ui.Party{Ordinal: -1, Code: string(card.Code), Name: card.Names.Best(s.lang(r)).Text}
	return nil
}

// compared takes up the invitation or accepts the reply, if the last group was typed as it was read.
func (s *Server) compared(w http.ResponseWriter, r *http.Request, v visit, d *linkData, file []byte) {
	confirm := strings.TrimSpace(r.PostFormValue("confirm"))
	var err error
	if confirm == "" {
		d.problems = []ui.Problem{{Field: "confirm", Words: locale.T(r.Context(), "link.confirm.missing")}}
	} else if d.kind == "join" {
		d.made, err = s.chancery.TakeUp(r.Context(), v.who, file, confirm)
		d.name = strings.ToLower(string(s.chancery.Self())) + ".reply"
	} else {
		var g *chancery.Group
		if g, err = s.chancery.Accept(r.Context(), v.who, file, confirm); g != nil {
			d.group1 = g.Handle()
		}
	}
	if err != nil && !s.refusedHere(w, r, v, err, &d.problems, linkRules) {
		return
	}
	if len(d.problems) == 0 {
		d.step = "done"
		if s.couriers != nil && d.kind == "accept" {
			go s.hurry(d.From.Code)
		}
	}
	s.showLink(w, r, v, *d)
}

// A groupForm asks for the terms of a group.
type groupForm struct {
	must      bool // a group is asked for, not only a link
	names     *wordsField
	plan      *wordsField
	terms     *wordsField
	ceiling   string
	zone      string // of this party's capital
	otherZone string
	langs     []text.Lang
	chosen    []text.Lang
	number    bool // a plenary is there: this is a working group
}

// ceilings are the markings that a group can have, the narrowest first.
var ceilings = []marking.TLP{marking.Red, marking.AmberStrict, marking.Amber, marking.Green, marking.Clear}

// groupForm is the empty form.
func (s *Server) groupForm(must bool) groupForm {
	langs := s.chancery.Card().Languages
	_, plenary := s.plenary()
	return groupForm{must: must, langs: langs, chosen: langs, ceiling: marking.AmberStrict.String(), number: plenary,
		names: &wordsField{name: "group", label: "convene.name", hint: "convene.name.hint", langs: langs, must: must, whole: true, some: len(langs) > 1},
		plan:  &wordsField{name: "plan", label: "convene.plan", hint: "convene.plan.hint", langs: langs, whole: true},
		terms: &wordsField{name: "terms", label: "convene.terms", hint: "convene.terms.hint", langs: langs, whole: true, area: true},
		zone:  "", otherZone: ""}
}

// plenary is the first group that is one.
func (s *Server) plenary() (*chancery.Group, bool) {
	for _, g := range s.chancery.Groups() {
		if g.Charter().Number == 0 {
			return g, true
		}
	}
	return nil, false
}

// read reads the terms of a group out of the form; terms without a name where none is asked for.
func (f *groupForm) read(r *http.Request, s *Server) (t chancery.Terms, wrong []ui.Problem) {
	f.choose(r)
	for _, x := range []struct {
		field *wordsField
		into  *text.Texts
	}{{f.names, &t.Name}, {f.plan, &t.Plan}, {f.terms, &t.Terms}} {
		got, bad := x.field.readIn(r, f.chosen)
		*x.into, wrong = got, append(wrong, bad...)
	}
	f.ceiling, f.zone, f.otherZone = r.PostFormValue("ceiling"), r.PostFormValue("zone"), r.PostFormValue("other-zone")
	for _, z := range [][2]string{{"zone", f.zone}, {"other-zone", f.otherZone}} {
		if _, err := locale.ZoneOf(z[1]); err != nil && z[1] != "" {
			wrong = append(wrong, ui.Problem{Field: z[0], Words: locale.T(r.Context(), "convene.zone.wrong")})
		}
	}
	label, err := marking.Parse(f.ceiling)
	if err != nil {
		wrong = append(wrong, ui.Problem{Field: "ceiling", Words: locale.T(r.Context(), "convene.ceiling.wrong")})
	}
	card := s.chancery.Card()
	t.Ceiling, t.Languages = label, f.chosen
	t.Members = []group.Member{{Code: card.Code, Names: card.Names, Signing: card.Signing, Zone: f.zone}}
	if g, ok := s.plenary(); ok {
		t.Plenary = g.ID()
		if t.Number, err = s.chancery.NextNumber(r.Context()); err != nil {
			s.log.Warn("the numbers of groups could not be read", "err", err)
		}
	}
	if len(t.Plan) == 0 && len(t.Name) > 0 {
		t.Plan = t.Name
	}
	return t, wrong
}

// choose reads which of the party's languages are to be the group's, in the party's order. None
// chosen stands for all of them.
func (f *groupForm) choose(r *http.Request) {
	f.chosen = slices.DeleteFunc(slices.Clone(f.langs), func(l text.Lang) bool { return !slices.Contains(r.PostForm["language"], string(l)) })
	if len(f.chosen) == 0 {
		f.chosen = f.langs
	}
}

// charterPairs are the terms of a group.
func charterPairs(ctx context.Context, c group.Charter) []ui.Pair {
	l := text.Lang(locale.From(ctx).Tag())
	out := []ui.Pair{{Term: locale.T(ctx, "convene.name"), Body: version(c.Name.Best(l))}}
	if len(c.Terms) > 0 {
		out = append(out, ui.Pair{Term: locale.T(ctx, "convene.terms"), Body: version(c.Terms.Best(l))})
	}
	codes := make([]string, len(c.Parties))
	for i, m := range c.Parties {
		codes[i] = m.Names.Best(l).Text
	}
	langs := make([]string, len(c.Languages))
	for i, x := range c.Languages {
		langs[i] = x.Autonym()
	}
	return append(out,
		ui.Pair{Term: locale.T(ctx, "convene.parties"), Body: ui.Words(strings.Join(codes, ", "))},
		ui.Pair{Term: locale.T(ctx, "convene.languages"), Body: ui.Words(strings.Join(langs, ", "))},
		ui.Pair{Term: locale.T(ctx, "convene.ceiling"), Body: ui.Words(c.Ceiling.String())})
}
