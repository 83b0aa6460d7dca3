package web

import (
	"context"
	"net/http"
	"slices"
	"strings"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// roundRoutes are the rounds of talks, and what changed between two moments.
func (s *Server) roundRoutes(m *http.ServeMux) {
	s.twin(m, "/g/{g}/rounds", s.roundsPage)
	s.twin(m, "/g/{g}/rounds/new", s.roundNewPage)
	m.HandleFunc("POST /g/{g}/rounds/new", s.inGroup(s.roundNewForm))
	m.HandleFunc("GET /g/{g}/rounds/{ref}", s.inGroup(s.roundPage))
	s.twin(m, "/g/{g}/rounds/{ref}/{step}", s.sitPage)
	m.HandleFunc("POST /g/{g}/rounds/{ref}/{step}", s.inGroup(s.sitForm))
	s.twin(m, "/g/{g}/changes", s.changesPage)
}

// roundsData is the page Rounds: the rounds of a group, and how much was open at each.
type roundsData struct {
	Rounds []plan.Round       `json:"rounds"`
	Total  int                `json:"total"`
	Course []plan.CoursePoint `json:"course"`
	sc     scene
	told   string
	titles map[act.Ref]text.Texts // of the clauses in the course
}

func (s *Server) roundsPage(w http.ResponseWriter, r *http.Request, v visit) {
	d := roundsData{sc: s.scene(r, v), told: r.URL.Query().Get("told"), titles: map[act.Ref]text.Texts{}}
	course, err := v.group.Course(r.Context())
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.Course = course
	v.group.View(func(p *plan.State) {
		d.Rounds, d.Total = p.Rounds()
		for _, x := range course {
			for _, c := range x.Clauses {
				if row, ok := p.Row(c.Ref); ok {
					d.titles[c.Ref] = row.Title
				}
			}
		}
	})
	slices.Reverse(d.Rounds)
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return roundsView(f, d) })
}

// roundData is the page of one round.
type roundData struct {
	plan.Round
	Course  []plan.CoursePoint `json:"course,omitempty"` // as it opened and closed
	Changed *plan.Between      `json:"changed,omitempty"`

	sc    scene
	told  string
	step  act.SitStep                                // that the person may take now; 0 for none
	names map[party.Code]map[party.Person]text.Texts // of the delegations
}

// roundChanges is how many elements that changed a round's own page tells of.
const roundChanges = 20

// roundPage shows one round: agenda, who sat, the text as it stood, what changed.
func (s *Server) roundPage(w http.ResponseWriter, r *http.Request, v visit) {
	v.json = v.json || strings.HasSuffix(r.PathValue("ref"), jsonSuffix)
	d, err := s.round(r, v)
	if err == nil && d.Opened != nil {
		err = s.roundStory(r, v, &d)
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	d.told, d.step = r.URL.Query().Get("told"), d.mayStep(v)
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return roundView(f, d) })
}

func (s *Server) round(r *http.Request, v visit) (roundData, error) {
	d := roundData{sc: s.scene(r, v), names: map[party.Code]map[party.Person]text.Texts{}}
	ref, err := pathRef(r)
	if err != nil {
		return d, err
	}
	here := false
	v.group.View(func(p *plan.State) {
		d.Round, here = p.Round(ref)
		for _, m := range p.Parties() {
			d.names[m.Code] = map[party.Person]text.Texts{}
			for _, x := range p.Delegation(m.Ordinal).Delegates {
				d.names[m.Code][x.Person] = x.Name
			}
		}
	})
	if !here {
		return d, chancery.ErrWithheld
	}
	return d, nil
}

// roundStory adds what was open at the round's ends, and what changed from one to the other.
func (s *Server) roundStory(r *http.Request, v visit, d *roundData) error {
	course, err := v.group.Course(r.Context())
	if err != nil {
		return err
	}
	for _, x := range course {
		if x.Moment.Round == d.Ref {
			d.Course = append(d.Course, x)
		}
	}
	return v.group.Then(r.Context(), []string{d.moment(act.RoundOpens), d.end()}, func(_ *plan.State, then []chancery.Then) {
		b := then[0].Plan.Changed(then[1].Plan, plan.BetweenQuery{Limit: roundChanges})
		d.Changed = &b
	})
}

// moment is the name of one of the round's ends.
func (d roundData) moment(step act.SitStep) string {
	if step == act.RoundOpens {
		return string(d.Ref) + ".opened"
	}
	return string(d.Ref) + ".closed"
}

// end is the moment up to which the round is told: its close, or now.
func (d roundData) end() string {
	if d.Closed != nil {
		return d.moment(act.RoundCloses)
	}
	return "now"
}

// name is what somebody is called in the delegation, or the id of who is not in it now.
func (d roundData) name(p act.Seated) text.Version {
	if t := d.names[p.Party][p.Person]; len(t) > 0 {
		return d.sc.best(t)
	}
	return text.Version{Lang: "en", Text: string(p.Person)}
}

// mayStep is what the person may do to the round now; 0 for nothing.
func (d roundData) mayStep(v visit) act.SitStep {
	switch {
	case !d.sc.may(act.MayConvene) && !(d.sc.held == "" && d.sc.charter.ChairedBy(d.sc.code(), v.who.Person)):
		return 0
	case d.Opened == nil && d.Status != plan.Withdrawn && d.Status != plan.Removed:
		return act.RoundOpens
	case d.Opened != nil && d.Closed == nil:
		return act.RoundCloses
	}
	return 0
}

// days are the round's planned days.
func days(ctx context.Context, r plan.Round) string {
	if r.Closes == "" || r.Closes == r.Opens {
		return day(ctx, r.Opens)
	}
	return locale.F(ctx, "round.days", locale.Args{"From": day(ctx, r.Opens), "To": day(ctx, r.Closes)})
}

// roundChip says how a round stands.
func roundChip(ctx context.Context, r plan.Round) templ.Component {
	switch r.State {
	case plan.RoundOpen:
		return ui.IconChip(ui.IconClock, locale.T(ctx, "round.open"))
	case plan.RoundClosed:
		return ui.Chip(ui.Fine, locale.T(ctx, "round.closed"))
	}
	return ui.Chip(ui.Waiting, locale.T(ctx, "round.planned"))
}

// sitData is the page on which a round is opened or closed.
type sitData struct {
	roundData
	Step     string       `json:"step"` // "open", "close"
	Present  []act.Seated `json:"present"`
	at       []sitParty   // who could sit, party by party
	typed    map[string]bool
	problems []ui.Problem
}

type sitParty struct {
	party  ui.Party
	people []act.Seated
}

// sitSteps are the steps by their names in addresses.
var sitSteps = map[string]act.SitStep{"open": act.RoundOpens, "close": act.RoundCloses}

func (s *Server) sit(r *http.Request, v visit) (sitData, error) {
	name := strings.TrimSuffix(r.PathValue("step"), jsonSuffix)
	step, known := sitSteps[name]
	if !known {
		return sitData{}, chancery.ErrWithheld
	}
	round, err := s.round(r, v)
	if err != nil {
		return sitData{}, err
	}
	d := sitData{roundData: round, Step: name, Present: []act.Seated{}, typed: map[string]bool{}}
	if may := d.mayStep(v); may != step {
		return d, &chancery.Refused{Rule: "round-step", Sentence: locale.T(r.Context(), "round.nostep")}
	}
	v.group.View(func(p *plan.State) {
		for _, m := range p.Parties() {
			one := sitParty{party: d.sc.party(m.Code)}
			for _, x := range p.Delegation(m.Ordinal).Delegates {
				one.people = append(one.people, act.Seated{Party: m.Code, Person: x.Person})
			}
			d.at = append(d.at, one)
		}
	})
	return d, nil
}

func (s *Server) sitPage(w http.ResponseWriter, r *http.Request, v visit) {
	d, err := s.sit(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return sitView(f, d) })
}

// sitForm opens or closes the round.
func (s *Server) sitForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d, err := s.sit(r, v)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	for _, one := range d.at {
		for _, p := range one.people {
			if slices.Contains(r.PostForm["present"], seatValue(p)) {
				d.Present = append(d.Present, p)
				d.typed[seatValue(p)] = true
			}
		}
	}
	if _, err := api.Send(r.Context(), v.group, v.who, api.Ask{Act: d.Step, Element: string(d.Ref), Present: d.Present}); err != nil {
		f := s.faultOf(r, err)
		d.problems = []ui.Problem{{Words: f.Message}}
		if list, ok := problemAt(r.Context(), err, nil); ok {
			d.problems = list
		}
		s.showAs(w, r, v, f.status, d, func(f ui.Frame) templ.Component { return sitView(f, d) })
		return
	}
	goTo(w, r, d.sc.base+"/rounds/"+string(d.Ref)+"?told="+d.Step)
}

func seatValue(p act.Seated) string { return string(p.Party) + ":" + string(p.Person) }

// roundNew is the page on which a round is proposed.
type roundNew struct {
	Free     act.Ref `json:"reference"`
	Opens    string  `json:"opens"`
	Closes   string  `json:"closes"`
	sc       scene
	title    wordsField
	agenda   wordsField
	problems []ui.Problem
}

func (s *Server) roundNew(r *http.Request, v visit) roundNew {
	d := roundNew{sc: s.scene(r, v)}
	d.title = wordsField{name: "title", label: "round.field.title", langs: d.sc.charter.Languages, must: true, whole: true}
	d.agenda = wordsField{name: "agenda", label: "round.field.agenda", hint: "round.field.agenda.hint", langs: d.sc.charter.Languages, whole: true, area: true}
	v.group.View(func(p *plan.State) { d.Free = p.NextRef(act.Round, "") })
	return d
}

func (s *Server) roundNewPage(w http.ResponseWriter, r *http.Request, v visit) {
	d := s.roundNew(r, v)
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return roundNewView(f, d) })
}

// roundNewForm proposes a round.
func (s *Server) roundNewForm(w http.ResponseWriter, r *http.Request, v visit) {
	if err := r.ParseForm(); err != nil {
		s.fail(w, r, v, err)
		return
	}
	d := s.roundNew(r, v)
	title, wrong := d.title.read(r)
	agenda, more := d.agenda.read(r)
	d.problems = append(wrong, more...)
	d.Opens, d.Closes = strings.TrimSpace(r.PostFormValue("opens")), strings.TrimSpace(r.PostFormValue("closes"))
	if _, err := act.ParseDate(d.Opens); err != nil {
		d.problems = append(d.problems, ui.Problem{Field: "opens", Words: locale.T(r.Context(), "problem.date")})
	}
	if _, err := act.ParseDate(d.Closes); d.Closes != "" && (err != nil || d.Closes < d.Opens) {
		d.problems = append(d.problems, ui.Problem{Field: "closes", Words: locale.T(r.Context(), "round.problem.closes")})
	}
	status := http.StatusUnprocessableEntity
	if len(d.problems) == 0 {
		ask := api.Ask{Act: "table", Kind: act.Round.String(), Title: wordsAsked(title), Text: wordsAsked(agenda), Opens: &d.Opens}
		if d.Closes != "" {
			ask.Closes = &d.Closes
		}
		sent, err := api.Send(r.Context(), v.group, v.who, ask)
		if err == nil {
			goTo(w, r, d.sc.base+"/rounds/"+string(sent[0].Element)+"?told=sent")
			return
		}
		f := s.faultOf(r, err)
		status = f.status
		if list, ok := problemAt(r.Context(), err, nil); ok {
			d.problems = list
		} else {
			d.problems = []ui.Problem{{Words: f.Message}}
		}
	}
	s.showAs(w, r, v, status, d, func(f ui.Frame) templ.Component { return roundNewView(f, d) })
}

// wordsAsked is a text as a request has it.
func wordsAsked(t text.Texts) api.Words {
	if len(t) == 0 {
		return nil
	}
	out := api.Words{}
	for _, v := range t {
		out[string(v.Lang)] = v.Text
	}
	return out
}
