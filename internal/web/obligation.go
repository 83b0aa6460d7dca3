package web

import (
	"context"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/a-h/templ"

	"entente/act"
	"entente/internal/api"
	"entente/internal/compliance"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/plan"
)

// The views of an obligation's readings.
const (
	seriesAsChart = "chart"
	seriesAsTable = "table"
)

// obligationData is the page of an obligation or a milestone: how it stands, and why.
type obligationData struct {
	compliance.Obligation
	Agreed bool       `json:"agreedText"` // its text is in force, as it is shown here
	Above  plan.Item  `json:"above"`      // the agreement, or the programme
	Status elementNow `json:"element"`

	sc      scene
	view    string
	gone    bool // readings that stand no more are shown too
	told    string
	ask     api.AskMonitor
	margin  *besideData
	without bool // without the readings of the national margin
	live    bool // today, with all that is known: acts are offered
}

// elementNow is where the text of what is watched stands.
type elementNow struct {
	Status   plan.Status `json:"status"`
	Brackets int         `json:"brackets"`
}

// obligationRoutes are the pages of one obligation, of a programme, and their forms.
func (s *Server) obligationRoutes(m *http.ServeMux) {
	s.twin(m, "/g/{g}/monitor/{ref}", s.obligationPage)
	s.observeRoutes(m)
	s.disputeRoutes(m)
	s.assessRoutes(m)
	s.watchRoutes(m)
	s.programmeRoutes(m)
	s.evidenceRoutes(m)
}

// obligationPage shows one obligation.
func (s *Server) obligationPage(w http.ResponseWriter, r *http.Request, v visit) {
	v.json = v.json || strings.HasSuffix(r.PathValue("ref"), jsonSuffix)
	f := r.URL.Query()
	d, err := s.obligationWith(r, v, momentAskOf(r), f.Get("margin") == marginOut)
	if err != nil {
		s.fail(w, r, v, err)
		return
	}
	if d.view = seriesAsChart; f.Get("view") == seriesAsTable {
		d.view = seriesAsTable
	}
	d.gone, d.told = f.Get("gone") == "shown", f.Get("told")
	if d.live {
		if e, err := s.dossierOf(r, v, d.Ref); err == nil {
			if d.margin = s.marginBeside(r, v, e, besideMonitor); d.margin != nil {
				d.margin.printed = f.Get("print") == "margin"
			}
		}
	}
	s.show(w, r, v, d, func(f ui.Frame) templ.Component { return obligationView(f, d) })
}

// besideMonitor says that the margin stands beside a page of what is watched.
const besideMonitor = "/monitor"

// marginOut asks for the page as all parties have it: without the readings of the national margin.
const marginOut = "out"

// obligation gathers what the forms need.
func (s *Server) obligation(r *http.Request, v visit, ask api.AskMonitor) (obligationData, error) {
	return s.obligationWith(r, v, ask, false)
}

// obligationWith gathers what the page needs: with the readings of the national margin, or without.
func (s *Server) obligationWith(r *http.Request, v visit, ask api.AskMonitor, without bool) (d obligationData, err error) {
	ref, err := pathRef(r)
	if err != nil {
		return d, err
	}
	d = obligationData{sc: s.scene(r, v), ask: ask, live: !past(ask), without: without}
	desk := s.monitorDesk()
	if without {
		desk.Margins = nil
	}
	if d.Obligation, err = desk.Obligation(r.Context(), v.group, v.who, ref, ask); err != nil {
		return d, err
	}
	v.group.View(func(p *plan.State) {
		if row, ok := p.Row(ref); ok {
			d.Status = elementNow{row.Status, row.Brackets}
		}
		if row, ok := p.Row(d.Obligation.Agreement); ok {
			d.Above = row.Item
		}
	})
	d.Agreed = d.Obligation.Agreed && d.Status.Status != plan.InBrackets
	return d, nil
}

// title names the obligation in the reader's language.
func (d obligationData) title(ctx context.Context) string { return cardTitle(ctx, d.sc, d.Card) }

// programme reports whether it is a milestone of a programme, and not an obligation of an agreement.
func (d obligationData) programme() bool { return d.Above.Kind == act.Programme }

// at is the address of the page, or of one below it.
func (d obligationData) at(below string) string { return watchHref(d.sc, d.Ref) + below }

// aboveAt is the address of the agreement or the programme.
func (d obligationData) aboveAt() string {
	if d.programme() {
		return d.sc.base + "/programme/" + string(d.Above.Ref)
	}
	return d.sc.base + "/agreement/" + string(d.Above.Ref)
}

// here is the address of the page at its moment, with some of its choices changed.
func (d obligationData) here(pairs ...string) string {
	q := url.Values{}
	for _, k := range momentQuery(d.ask) {
		q.Set(k[0], k[1])
	}
	if d.view == seriesAsTable {
		q.Set("view", d.view)
	}
	if d.gone {
		q.Set("gone", "shown")
	}
	if d.without {
		q.Set("margin", marginOut)
	}
	for i := 0; i+1 < len(pairs); i += 2 {
		if q.Del(pairs[i]); pairs[i+1] != "" {
			q.Set(pairs[i], pairs[i+1])
		}
	}
	if len(q) == 0 {
		return d.at("")
	}
	return d.at("?" + q.Encode())
}

// crumbs are the way to the page.
func (d obligationData) crumbs(ctx context.Context, last ...string) []ui.Crumb {
	out := []ui.Crumb{{Href: d.sc.base + "/monitor", Words: locale.T(ctx, "nav.monitor")}, {Href: d.aboveAt(), Words: titleOf(ctx, d.sc, d.Above)}}
	place := d.Paragraph
	if place == "" {
		place = d.Display
	}
	if len(last) == 0 {
		return append(out, ui.Crumb{Words: place})
	}
	return append(out, ui.Crumb{Href: d.at(""), Words: place}, ui.Crumb{Words: last[0]})
}

// toldKeys are what the page says after an act that led to it.
var obligationTold = map[string]locale.Key{
	"observed": "obl.told.observed", "kept": "obl.told.kept", "takenback": "obl.told.takenback",
	"started": "obl.told.started", "replied": "obl.told.replied", "closed": "obl.told.closed",
}

func (d obligationData) toldWords(ctx context.Context) string {
	if key, ok := obligationTold[d.told]; ok {
		return locale.T(ctx, key)
	}
	return ""
}

// readings counts the entries of what was read.
func (d obligationData) entries() (n int) {
	for _, p := range d.Points {
		n += len(p.Entries)
	}
	return n
}

// kept counts the readings that stand in the national margin alone.
func (d obligationData) kept() (n int) {
	for _, p := range d.Points {
		for _, e := range p.Entries {
			if e.Margin {
				n++
			}
		}
	}
	return n
}

// marked marks a page that has readings of the national margin in it: for this party alone.
func (d obligationData) marked(ctx context.Context, f ui.Frame) ui.Frame {
	if d.kept() == 0 {
		return marked(ctx, f, d.margin)
	}
	return marked(ctx, f, &besideData{sc: d.sc, printed: true})
}

// comparisonSaid says how a party's verdict was come by, and whether it comes out the same here.
func (d obligationData) comparisonSaid(ctx context.Context, c compliance.Comparison) string {
	args := locale.Args{"Party": d.sc.name(c.Party), "Day": fullDay(locale.From(ctx), string(c.On))}
	if c.Stamp != nil {
		args["Entry"] = strconv.FormatUint(c.Stamp.Index, 10)
	}
	switch {
	case c.Own:
		return locale.N(ctx, "obl.side.own", d.entries())
	case c.Missing:
		return locale.F(ctx, "obl.side.missing", args)
	case c.Same:
		return locale.F(ctx, "obl.side.same", args)
	}
	args["Verdict"] = locale.T(ctx, ui.VerdictKey(c.Here))
	return locale.F(ctx, "obl.side.differs", args)
}

// holdsSaid says how the rule came out.
func holdsSaid(ctx context.Context, holds string) string {
	switch holds {
	case "holds":
		return locale.T(ctx, "obl.holds")
	case "broken":
		return locale.T(ctx, "obl.broken")
	}
	return locale.T(ctx, "obl.undecided")
}

// periodSaid says from when to when the obligation applies.
func (d obligationData) periodSaid(ctx context.Context) string {
	p := locale.From(ctx)
	args := locale.Args{"From": fullDay(p, string(d.From)), "To": fullDay(p, string(d.To))}
	switch {
	case d.From != "" && d.To != "":
		return p.F("obl.period", args)
	case d.From != "":
		return p.F("obl.period.from", args)
	case d.To != "":
		return p.F("obl.period.to", args)
	}
	return ""
}

// episodeSaid tells one episode in a sentence.
func (d obligationData) episodeSaid(ctx context.Context, e compliance.Episode) string {
	p := locale.From(ctx)
	args := locale.Args{"From": fullDay(p, string(e.From)), "To": fullDay(p, string(e.To)), "Back": fullDay(p, string(e.Back)),
		"Before": fullDay(p, string(e.Before)), "Peak": sayValue(ctx, e.Peak, d.Unit), "PeakOn": fullDay(p, string(e.PeakOn)), "Excess": sayValue(ctx, e.Excess, d.Unit),
		"Reported": fullDay(p, string(e.Reported))}
	var out []string
	put := func(key locale.Key) { out = append(out, p.F(key, args)) }
	switch {
	case e.From == e.To && e.Back != "":
		put("obl.episode.once.back")
	case e.From == e.To:
		put("obl.episode.once.on")
	case e.Back != "":
		put("obl.episode.back")
	default:
		put("obl.episode.on")
	}
	if e.Before != "" {
		put("obl.episode.before")
	}
	if e.Peak != "" && e.Excess != "" && e.Readings > 1 {
		put("obl.episode.peak")
	} else if e.Peak != "" && e.Excess != "" {
		put("obl.episode.only")
	}
	if e.Reported != "" {
		put("obl.episode.reported")
	}
	return strings.Join(append(out, p.N("obl.episode.readings", e.Readings)), " ")
}

// gradeSaid explains a grade in words: the source, and the information, apart.
func gradeSaid(ctx context.Context, grade string) string {
	if len(grade) != 2 {
		return locale.T(ctx, "grade.none")
	}
	return locale.T(ctx, gradeSourceKey(grade[0])) + "; " + locale.T(ctx, gradeInfoKey(grade[1]))
}

// gradeSourceKey says how reliable a source is.
func gradeSourceKey(c byte) locale.Key {
	switch c {
	case 'A':
		return "grade.source.a"
	case 'B':
		return "grade.source.b"
	case 'C':
		return "grade.source.c"
	case 'D':
		return "grade.source.d"
	case 'E':
		return "grade.source.e"
	}
	return "grade.source.f"
}

// gradeInfoKey says how credible an information is.
func gradeInfoKey(c byte) locale.Key {
	switch c {
	case '1':
		return "grade.info.1"
	case '2':
		return "grade.info.2"
	case '3':
		return "grade.info.3"
	case '4':
		return "grade.info.4"
	case '5':
		return "grade.info.5"
	}
	return "grade.info.6"
}

// endOf is the instant at which a day of a procedure is over: days are counted in UTC.
func endOf(d act.Date) (time.Time, bool) {
	t, err := time.Parse(time.DateOnly, string(d))
	return t.AddDate(0, 0, 1), err == nil
}

// stageSaid says how long a stage lasts, or how much of it is left.
func (d obligationData) stageSaid(ctx context.Context, x compliance.Running) string {
	switch {
	case x.State == compliance.StageRunning && x.End != "":
		return locale.N(ctx, "obl.stage.left", max(x.Left, 0))
	case x.Days == 0:
		return locale.T(ctx, "obl.stage.open")
	}
	return locale.N(ctx, "obl.stage.days", x.Days)
}

// safeAddress is an address that may be followed; "" where it is none of the web, or names somebody
// before its host, which makes one host look like another.
func safeAddress(s string) string {
	u, err := url.Parse(s)
	if err != nil || u.Host == "" || u.User != nil || u.Scheme != "https" && u.Scheme != "http" {
		return ""
	}
	return u.String()
}

// watchedAt is where it is told how it stands with an element that is watched, or with what it is
// about; "" where nothing is.
func (d elementData) watchedAt() string {
	kind, ref := d.Kind, d.Ref
	if n := len(d.Path); n > 0 && (kind == act.Assessment || kind == act.Extension || kind == act.Hypothesis) {
		kind, ref = d.Path[n-1].Kind, d.Path[n-1].Ref
		if kind == act.Hypothesis && n > 1 {
			kind, ref = d.Path[n-2].Kind, d.Path[n-2].Ref
		}
	}
	switch kind {
	case act.Obligation, act.Milestone:
		return watchHref(d.sc, ref)
	case act.Agreement:
		return d.sc.base + "/agreement/" + string(ref)
	case act.Programme:
		return programmeHref(d.sc, ref, "")
	}
	return ""
}
