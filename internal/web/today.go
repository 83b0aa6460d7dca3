package web

import (
	"cmp"
	"context"
	"math"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/party"
	"entente/plan"
	"entente/text"
)

// todayData is the page Today: what needs this person, over all groups the person may see.
type todayData struct {
	Decisions int          `json:"decisions"` // that are this party's
	Others    int          `json:"others"`    // that wait for others
	Groups    []todayGroup `json:"groups"`
	Invited   int          `json:"invited"` // groups that wait for an answer
	Start     []startStep  `json:"start,omitempty"`

	yours   []yourDecision
	news    []groupNews
	waiting []groupWaiting
	dates   []groupDate
	ending  []groupEnding
	broken  []groupBroken // silences that others broke since yesterday
	wanted  []groupWanted // texts that wait for this party's certificate
	watched []watchDate   // stages of disputes that end, reports that are expected
	totals  plan.Totals
	told    locale.Key
	day     string // the date, and the present hour in the capitals
}

// A todayGroup is what one group says today.
type todayGroup struct {
	Group    string         `json:"group"`
	Name     text.Texts     `json:"name"`
	Number   uint32         `json:"number"`
	Held     string         `json:"held,omitempty"`   // why nothing can be written
	Frozen   []party.Code   `json:"frozen,omitempty"` // whose logs changed their past
	Briefing plan.Briefing  `json:"briefing"`
	Silences []plan.Silence `json:"silences,omitempty"`           // that run
	Broken   []plan.Silence `json:"broken,omitempty"`             // by others, since yesterday
	Wanted   []plan.Item    `json:"certificatesWanted,omitempty"` // texts whose languages wait for this party's certificate
	Watched  watchToday     `json:"watched"`                      // of agreements that are watched
	sc       scene
}

type (
	yourDecision struct {
		plan.Decision
		sc scene
	}
	groupNews struct {
		plan.News
		sc scene
	}
	groupWaiting struct {
		plan.Waiting
		sc scene
	}
	groupDate struct {
		plan.DueDate
		sc scene
	}
)

type (
	groupEnding struct {
		plan.Deadline
		sc scene
	}
	groupBroken struct {
		plan.Silence
		sc scene
	}
	groupWanted struct {
		plan.Item
		sc scene
	}
)

// A startStep is one of the first steps of a new server.
type startStep struct {
	Step string `json:"step"` // "people", "counterpart", "group", "goal"
	Done bool   `json:"done"`
	href string
}

// todayItems is how many items of a list Today shows.
const todayItems = 8

// todayPage shows what needs the person.
func (s *Server) todayPage(w http.ResponseWriter, r *http.Request, v visit) {
	d := todayData{Groups: []todayGroup{}, told: toldKey(r), day: locale.LongDay(r.Context(), s.now()) + " · " + locale.Clocks(r.Context(), s.now())}
	for _, g := range s.chancery.Seen(v.who) {
		d.add(s.todayOf(r, v, g))
	}
	slices.SortStableFunc(d.news, func(a, b groupNews) int { return cmp.Compare(b.Stamp.At, a.Stamp.At) })
	slices.SortStableFunc(d.yours, func(a, b yourDecision) int { return cmp.Compare(a.deadline(), b.deadline()) })
	slices.SortStableFunc(d.ending, func(a, b groupEnding) int { return cmp.Compare(a.Until, b.Until) })
	slices.SortStableFunc(d.dates, func(a, b groupDate) int { return cmp.Compare(a.Due, b.Due) })
	for _, g := range d.Groups {
		d.watched = append(d.watched, g.watchDates(r.Context())...)
	}
	d.cut()
	invited, err := s.chancery.Invited(r.Context(), v.who)
	if err == nil {
		d.Invited = len(invited)
		d.Start, err = s.firstSteps(r, v)
	}
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return todayView(f, d) })
}

func (s *Server) todayOf(r *http.Request, v visit, g *chancery.Group) todayGroup {
	c := g.Charter()
	out := todayGroup{Group: g.Handle(), Name: c.Name, Number: c.Number, Held: g.Held(), sc: s.sceneOf(r, v.who, g)}
	for p := range c.Parties {
		if _, caught := g.Frozen(uint8(p)); caught {
			out.Frozen = append(out.Frozen, c.Code(uint8(p)))
		}
	}
	home := locale.UTC()
	if z := capitals(g); len(z) > 0 {
		home = z[0]
	}
	today := act.Date(s.now().In(home.Location).Format(time.DateOnly))
	g.View(func(p *plan.State) {
		out.Briefing = p.Briefing(plan.BriefingQuery{Viewer: g.Self(), Today: today, Now: s.now().UnixMilli(), Limit: todayItems})
		out.talks(p, s.now())
	})
	out.Watched = s.watchedToday(g)
	return out
}

// maxTalks bounds the open elements that Today looks through for silences and certificates.
const maxTalks = 400

// talks adds where the talks stand that need somebody: silences that run or were broken, texts that
// wait for a certificate.
func (g *todayGroup) talks(p *plan.State, now time.Time) {
	if p.Hushed() {
		g.Silences = p.RunningSilences(now.UnixMilli())
	}
	open := p.Open()
	for _, e := range open[:min(len(open), maxTalks)] {
		if p.Hushed() {
			if list := p.Silences(e.Ref(), now.UnixMilli()); len(list) > 0 {
				x := list[len(list)-1]
				if x.Outcome == plan.SilenceBroken && x.Breaks[0].Party != g.sc.code() && now.Sub(when(x.Breaks[0].At)) < 24*time.Hour {
					g.Broken = append(g.Broken, x)
				}
			}
		}
		if r := e.Leading(); r != nil && g.sc.may(act.MayCertify) && !p.InStep(r) && !p.CertifiedBy(r, g.sc.self) {
			if row, ok := p.Row(e.Ref()); ok {
				g.Wanted = append(g.Wanted, row.Item)
			}
		}
	}
}

// add puts what one group says with the rest.
func (d *todayData) add(g todayGroup) {
	b := g.Briefing
	d.Groups = append(d.Groups, g)
	d.Decisions += b.YoursAll
	d.Others += b.OthersAll
	t := b.StateOfText.Totals
	d.totals.Elements += t.Elements
	d.totals.Agreed += t.Agreed
	d.totals.InBrackets += t.InBrackets
	d.totals.Reserved += t.Reserved
	d.totals.Rolling += t.Rolling
	for _, x := range b.YoursToDecide {
		d.yours = append(d.yours, yourDecision{x, g.sc})
	}
	for _, x := range b.WorthYourEye {
		d.news = append(d.news, groupNews{x, g.sc})
	}
	for _, x := range b.WithOthers {
		d.waiting = append(d.waiting, groupWaiting{x, g.sc})
	}
	for _, x := range b.Dates {
		d.dates = append(d.dates, groupDate{x, g.sc})
	}
	for _, x := range b.Ending {
		d.ending = append(d.ending, groupEnding{x, g.sc})
	}
	for _, x := range g.Broken {
		d.broken = append(d.broken, groupBroken{x, g.sc})
	}
	for _, x := range g.Wanted {
		d.wanted = append(d.wanted, groupWanted{x, g.sc})
	}
}

// A dayLine is one line of the dates: what ends then, or else what is due.
type dayLine struct {
	at     time.Time
	ending *groupEnding
	due    *groupDate
	watch  *watchDate
}

// days lists what ends and what is due in the order of the days.
func (d todayData) days() []dayLine {
	out := make([]dayLine, 0, len(d.ending)+len(d.dates)+len(d.watched))
	for i := range d.ending {
		out = append(out, dayLine{at: when(d.ending[i].Until), ending: &d.ending[i]})
	}
	for i := range d.dates {
		out = append(out, dayLine{at: noon(d.dates[i].Due), due: &d.dates[i]})
	}
	for i := range d.watched {
		out = append(out, dayLine{at: d.watched[i].at, watch: &d.watched[i]})
	}
	slices.SortStableFunc(out, func(a, b dayLine) int {
		return cmp.Compare(a.at.UTC().Format(time.DateOnly), b.at.UTC().Format(time.DateOnly))
	})
	return out
}

// cut keeps to what fits a page; what is left out is one link away.
func (d *todayData) cut() {
	d.yours = d.yours[:min(len(d.yours), todayItems)]
	d.news = d.news[:min(len(d.news), todayItems)]
	d.waiting = d.waiting[:min(len(d.waiting), todayItems)]
	d.ending = d.ending[:min(len(d.ending), todayItems)]
	d.dates = d.dates[:min(len(d.dates), todayItems-len(d.ending)/2)]
	d.wanted = d.wanted[:min(len(d.wanted), todayItems)]
	d.watched = d.watched[:min(len(d.watched), todayItems)]
}

// firstSteps are what is left to do on a new server, for who may do it; none once all is done.
func (s *Server) firstSteps(r *http.Request, v visit) ([]startStep, error) {
	if !v.who.Admin {
		return nil, nil
	}
	people, err := s.chancery.People(r.Context())
	if err != nil {
		return nil, err
	}
	others, err := s.chancery.Counterparts(r.Context())
	if err != nil {
		return nil, err
	}
	goals, plan1 := false, "/groups"
	groups := s.chancery.Groups()
	for _, g := range groups {
		plan1 = "/g/" + groups[0].Handle() + "/plan"
		g.View(func(p *plan.State) { goals = goals || p.Totals().Elements > 0 })
	}
	steps := []startStep{
		{"people", len(people) > 1, "/settings/people"},
		{"counterpart", len(others) > 0, "/sync"},
		{"group", len(groups) > 0, "/groups"},
		{"goal", goals, plan1},
	}
	if slices.ContainsFunc(steps[1:], func(x startStep) bool { return !x.Done }) {
		return steps, nil
	}
	return nil, nil
}

// toldKeys are the sentences that a page says after an act that led to it: an address can ask for
// one of these and for nothing else.
var toldKeys = map[string]locale.Key{
	"set-up":     "told.setup",
	"tried":      "told.tried",
	"untried":    "told.untried",
	"address":    "told.address",
	"declined":   "told.declined",
	"joined":     "told.joined",
	"convened":   "told.convened",
	"delegation": "told.delegation",
	"calendar":   "told.calendar",
}

// toldKey is what has just been done; "" for nothing.
func toldKey(r *http.Request) locale.Key { return toldKeys[r.URL.Query().Get("told")] }

// move is how a decision's latest move is told.
func (x yourDecision) move() locale.Key {
	switch {
	case x.confirms():
		return "today.referral"
	case x.Silence != 0 && x.By.Party != x.sc.code():
		return "today.silence"
	case x.Move == plan.DidOffer:
		return "today.offered"
	case x.Crossed:
		return "today.crossed"
	case x.Move == "countered":
		return "today.countered"
	case x.Move == "accepted":
		return "today.accepted"
	case x.Move == "removal":
		return "today.removal"
	}
	return "today.proposed"
}

// whose is the party of which that is told: of a text that a capital has to confirm, whoever wrote it.
func (x yourDecision) whose() party.Code {
	if x.confirms() {
		return x.Referral.Revision.Party
	}
	return x.By.Party
}

// act is where a decision is taken: where texts differ, side by side.
func (x yourDecision) act() (href string, words locale.Key) {
	switch {
	case x.confirms():
		return x.sc.href(x.Ref, ""), "today.confirm"
	case x.Silence != 0:
		return x.sc.href(x.Ref, ""), "today.undersilence"
	}
	if x.Crossed || x.Move == "countered" || x.Move == plan.DidOffer {
		return x.sc.href(x.Ref, "/negotiate"), "today.compare"
	}
	return x.sc.href(x.Ref, ""), "today.read"
}

// confirms reports whether this party's capital has to confirm what it accepted ad referendum.
func (x yourDecision) confirms() bool { return x.Referral != nil && !x.Referral.Lapsed }

// when is what is said of a decision's time: when it lapses or is adopted, or else since when it waits.
func (x yourDecision) when(ctx context.Context) string {
	switch {
	case x.confirms():
		return locale.F(ctx, "today.lapses", locale.Args{"When": locale.Deadline(ctx, when(x.Referral.Until))})
	case x.Silence != 0:
		return locale.F(ctx, "today.ends", locale.Args{"When": locale.Deadline(ctx, when(x.Silence)), "Left": left(ctx, when(x.Silence).Sub(x.sc.now))})
	}
	return locale.F(ctx, "today.when", locale.Args{"When": locale.Moment(ctx, when(x.By.At))})
}

// deadline is when a decision is taken without this party: the soonest comes first, what has none last.
func (x yourDecision) deadline() int64 {
	switch {
	case x.confirms():
		return x.Referral.Until
	case x.Silence != 0:
		return x.Silence
	}
	return math.MaxInt64
}

func (x yourDecision) icon() ui.Icon {
	if x.Silence != 0 || x.confirms() {
		return ui.IconClock
	}
	return ui.IconBracket
}

// newsKeys say what happened.
var newsKeys = map[string]locale.Key{
	"adopted": "news.adopted", "reserved": "news.reserved", "objected": "news.objected", "interpreted": "news.interpreted", "remarked": "news.remarked",
	"lifted": "news.lifted", "withdrawn": "news.withdrawn", "reported": "news.reported", "delegation": "news.delegation", "void": "news.void",
	"scrutinised": "news.scrutinised", "referred": "news.referred", "certified": "news.certified",
	plan.Observed: "news.observed", "attested": "news.attested", plan.DidDispute: "news.disputed",
}

func (n groupNews) icon() ui.Icon {
	switch n.What {
	case "adopted":
		return ui.IconAgreed
	case "reserved", "objected":
		return ui.IconHand
	case "withdrawn", "lifted":
		return ui.IconUndo
	case "delegation":
		return ui.IconPeople
	case "void", plan.DidDispute:
		return ui.IconWarn
	}
	return ui.IconRemark
}

// marksOf are the paragraph marks of one heading, or of all of a group; what is under silence is
// marked so.
func marksOf(list []plan.Heading, silences []plan.Silence) (out []ui.TextState, agreed, of int) {
	for _, h := range list {
		agreed, of = agreed+h.Agreed, of+h.Of
		for i, m := range h.Marks {
			if len(out) == plan.MaxMarks {
				break
			}
			state := markState(m)
			if i < len(h.Refs) && slices.ContainsFunc(silences, func(x plan.Silence) bool { return x.Ref == h.Refs[i] && x.Outcome == plan.SilenceRuns }) {
				state = ui.StateSilence
			}
			out = append(out, state)
		}
	}
	return out, agreed, of
}

// newsTitle names what the news is about.
func newsTitle(ctx context.Context, x groupNews) string {
	if x.Ref == "" {
		return x.sc.groupName(ctx, x.sc.charter)
	}
	return x.sc.best(x.Title).Text
}

// shortGroup names a group in a narrow place: "1 · Nuclear agreement".
func shortGroup(g todayGroup) string {
	name := g.sc.best(g.Name).Text
	if g.Number == 0 {
		return name
	}
	return strconv.Itoa(int(g.Number)) + " · " + name
}

func headingTitle(ctx context.Context, g todayGroup, h plan.Heading) string {
	if h.Ref == "" {
		return locale.T(ctx, "today.unheaded")
	}
	return h.Display + " · " + g.sc.best(h.Title).Text
}

func headingHref(g todayGroup, h plan.Heading) string {
	if h.Ref == "" {
		return g.sc.base + "/doc"
	}
	return g.sc.href(h.Ref, "")
}

// handle is the group's name in addresses.
func (c scene) handle() string { return strings.TrimPrefix(c.base, "/g/") }

// noon is noon in UTC of a calendar day: that day in every capital.
func noon(d act.Date) time.Time {
	t, err := time.Parse(time.DateOnly, string(d))
	if err != nil {
		return time.Time{}
	}
	return t.Add(12 * time.Hour)
}
