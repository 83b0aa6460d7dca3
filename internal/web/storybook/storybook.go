// Package storybook shows every part of package ui on one page, in every
// language, on either ground: what a person looks at when a part is changed, and
// what the tests put before axe-core and the photographs.
//
// It is served in tests and where a developer asks for it, never by a party's
// server: it has no sign-in, keeps nothing and reads nothing. All names, texts
// and numbers on it are examples.
//
//	GET /?language=he&theme=dark&page=parts|today|bare|paper&live=/events
package storybook

import (
	"net/http"
	"time"

	"github.com/a-h/templ"

	"entente/internal/web/assets"
	"entente/internal/web/locale"
	"entente/internal/web/ui"
	"entente/text"
)

// now is the moment of the examples.
var now = time.Date(2017, 12, 12, 14, 14, 0, 0, time.UTC)

// Handler serves the storybook.
type Handler struct {
	set  *assets.Set
	book *locale.Book
	mux  *http.ServeMux
}

// New makes the storybook.
func New() (*Handler, error) {
	set, err := assets.New()
	if err != nil {
		return nil, err
	}
	book, err := locale.Open()
	if err != nil {
		return nil, err
	}
	h := &Handler{set: set, book: book, mux: http.NewServeMux()}
	h.mux.Handle("GET /assets/", set)
	h.mux.HandleFunc("GET /{$}", h.page)
	return h, nil
}

// ServeHTTP serves a page of the storybook under the pages' own policy.
func (h *Handler) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Security-Policy", assets.Policy)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	h.mux.ServeHTTP(w, r)
}

func (h *Handler) page(w http.ResponseWriter, r *http.Request) {
	q := r.URL.Query()
	tag := q.Get("language")
	var zones []locale.Zone
	for _, iana := range []string{"America/New_York", "Asia/Jerusalem"} {
		z, err := locale.ZoneOf(iana)
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		zones = append(zones, z)
	}
	p := h.book.Printer(tag, now, zones...)
	f := h.frame(p, q.Get("theme"))
	f.Live = q.Get("live")
	var body templ.Component
	switch q.Get("page") {
	case "bare":
		body = barePage(f)
	case "paper":
		f.Here = ui.Document
		body = paperPage(f)
	case "today":
		f.Here = ui.Today
		body = todayPage(f, examples(p.Tag()))
	default:
		body = partsPage(f, examples(p.Tag()))
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	if err := body.Render(locale.With(r.Context(), p), w); err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
	}
}

// frame is an example of what surrounds a page.
func (h *Handler) frame(p *locale.Printer, theme string) ui.Frame {
	e := examples(p.Tag())
	return ui.Frame{
		Title: "Storybook", Here: ui.Plan, Theme: ui.Theme(theme), Keys: true, Path: "/", Assets: h.set, Languages: h.book.Languages(),
		Marking:   ui.Marking{TLP: "TLP:AMBER+STRICT", Releasable: e.releasable, Scope: e.scope},
		Demo:      e.demo,
		PlanTitle: e.plan,
		Step:      ui.Step{State: ui.InStep, Parties: e.parties[1:2], Since: now.Add(-4 * time.Minute)},
		Person:    ui.Person{ID: "d.reyes", Name: "D. Reyes", Role: e.role},
		Server:    ui.Server{Party: e.parties[0], Host: "entente.state.example"},
		Group:     "/g/1", Decisions: 3, Open: 7,
	}
}

// example is what the examples say, in one language. These words are no part of
// the product's sentences and stand in no locale file.
type example struct {
	parties                                                  ui.Parties
	releasable, scope, demo, plan, role                      string
	lang                                                     text.Lang
	segments, nested                                         []text.Segment
	spans                                                    []text.Span
	title, lede, element, plainText, second, hint, problem   string
	agree, counter, reserve, send, why, card, aside, nothing string
	first                                                    text.Version
	other                                                    text.Version
}

// examples gives the examples in a language, English where there are none.
func examples(tag string) example {
	us := ui.Party{Ordinal: 0, Code: "US", Name: "United States", Letters: text.Texts{{Lang: "he", Text: "ארה״ב"}}}
	il := ui.Party{Ordinal: 1, Code: "IL", Name: "Israel", Letters: text.Texts{{Lang: "he", Text: "ישראל"}}}
	rest := []ui.Party{
		{Ordinal: 2, Code: "MH", Name: "Ministry of Health"}, {Ordinal: 3, Code: "WA", Name: "Water sector"},
		{Ordinal: 4, Code: "RC", Name: "Relief committee"}, {Ordinal: 5, Code: "HC", Name: "Health cluster"},
		{Ordinal: 6, Code: "NX", Name: "A seventh party"},
	}
	e := example{
		lang: "en", releasable: "Releasable to US, IL", scope: "Working group 1 · Nuclear agreement", plan: "Joint Strategic Work Plan",
		demo: "Example built from press reports (December 2017). Nothing here is an official document; names, dates and positions are invented unless marked “as reported”.",
		role: "Head of delegation", title: "What needs you today", lede: "Three decisions are yours. Everything else is moving without you.",
		element: "Exchange of assessments", plainText: "Joint reading of each quarterly report", second: "Support to armed groups in the region",
		hint: "Your terms of reference ask for 24 hours or more.", problem: "Enter a number of days between 1 and 90",
		agree: "Accept the Israeli text", counter: "Counter", reserve: "Reserve", send: "Send revision 5 to IL",
		why: "Israel countered your thirty days with fourteen. Two brackets remain.", card: "State of the text", aside: "rolling text 6", nothing: "No goals yet",
	}
	usText := "The Parties shall exchange their written assessments of each report of the Agency within thirty (30) days of its publication."
	ilText := "The Parties shall exchange their written assessments of each report of the Agency within fourteen (14) days of its publication, and in any case before the Board of Governors meets."
	heUS := "הצדדים יחליפו ביניהם הערכות כתובות על כל דוח של הסוכנות בתוך שלושים (30) ימים מיום פרסומו."
	heIL := "הצדדים יחליפו ביניהם הערכות כתובות על כל דוח של הסוכנות בתוך ארבעה־עשר (14) ימים מיום פרסומו."
	if tag == "he" {
		us.Name, il.Name = "ארצות הברית", "ישראל"
		e.lang, e.releasable, e.scope, e.plan = "he", "מותר להעברה: ארה״ב, ישראל", "קבוצת עבודה 1 · הסכם הגרעין", "תוכנית העבודה האסטרטגית המשותפת"
		e.demo = "דוגמה שנבנתה מדיווחי עיתונות (דצמבר 2017). אין כאן מסמך רשמי; שמות, מועדים ועמדות הומצאו, אלא אם צוין ״לפי דיווח״."
		e.role, e.title, e.lede = "ראש המשלחת", "מה מחכה לך היום", "שלוש החלטות ממתינות לך. כל השאר מתקדם בלעדיך."
		e.element, e.plainText, e.second = "החלפת הערכות", "קריאה משותפת של כל דוח רבעוני", "תמיכה בארגונים חמושים באזור"
		e.hint, e.problem = "כתב ההסמכה מבקש 24 שעות או יותר.", "יש להזין מספר ימים בין 1 ל־90"
		e.agree, e.counter, e.reserve, e.send = "קבלת הנוסח הישראלי", "הצעה נגדית", "הסתייגות", "שליחת גרסה 5 לישראל"
		e.why, e.card, e.aside, e.nothing = "ישראל השיבה על שלושים הימים בארבעה־עשר. נותרו שני זוגות סוגריים.", "מצב הנוסח", "נוסח מתגלגל 6", "אין עדיין יעדים"
		usText, ilText = heUS, heIL
	}
	e.parties = append(ui.Parties{us, il}, rest...)
	e.segments = text.Bracket("", []text.Side{{Who: "US", Text: usText}, {Who: "IL", Text: ilText}})
	e.nested = text.Bracket("", []text.Side{{Who: "US", Text: "Additional steps may be taken by common accord."}, {Who: "IL", Text: "Additional steps shall be taken by common accord within sixty (60) days."}, {Who: "MH", Text: "Additional steps shall be taken by common accord within ninety (90) days."}})
	e.spans = text.Diff(usText, ilText)
	e.first, e.other = text.Version{Lang: "en", Text: "Done in the English and Hebrew languages, both texts being equally authentic."}, text.Version{Lang: "he", Text: "נעשה בשפות האנגלית והעברית, ולשני הנוסחים דין מקור שווה."}
	return e
}

// sixGroups is an example of a number.
func sixGroups() [6]string { return [6]string{"48213", "07751", "96240", "33518", "70462", "11895"} }

// marks is an example of a row of paragraph marks.
func marks(agreed, open, reserved int) []ui.TextState {
	var out []ui.TextState
	for range agreed {
		out = append(out, ui.StateAgreed)
	}
	for range open {
		out = append(out, ui.StateBrackets)
	}
	for range reserved {
		out = append(out, ui.StateReserved)
	}
	return out
}
