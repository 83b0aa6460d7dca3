package web_test

import (
	"context"
	"crypto/rand"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/internal/web"
	"entente/party"
	"entente/text"
)

// A table is two parties' servers in memory, a plenary and one working group, and a small plan in
// which everything that the pages show occurs once.
type table struct {
	us, il       *ground
	plenary, one []*chancery.Group // US's and IL's copies
	now          time.Time
	t            testing.TB
}

// setTable convenes the groups; nobody has said anything yet.
func setTable(t testing.TB) *table {
	t.Helper()
	x := &table{t: t, now: time.Date(2017, 12, 1, 14, 0, 0, 0, time.UTC)}
	x.us = timedGround(x, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"))
	x.il = timedGround(x, "IL", both("Israel", "ישראל"), "n.amar", both("N. Amar", "נ׳ עמר"))
	linkGrounds(x.us, x.il)
	x.plenary = conveneOn(0, both("Plenary", "מליאה"), act.Hash{}, x.us, x.il)
	x.one = conveneOn(1, both("Nuclear agreement", "הסכם הגרעין"), x.plenary[0].ID(), x.us, x.il)
	x.carry()
	return x
}

// timedGround is a server whose clock the test moves.
func timedGround(x *table, code party.Code, names text.Texts, person party.Person, called text.Texts) *ground {
	t := x.t
	t.Helper()
	keys, err := party.NewKeys(rand.Reader)
	if err != nil {
		t.Fatal(err)
	}
	g := &ground{t: t, keys: keys, desk: memdesk.New()}
	clock := func() time.Time { return x.now }
	g.Chancery, err = chancery.Open(t.Context(), chancery.Config{Keys: keys, Card: keys.Card(code, names, []text.Lang{"en", "he"}, ""), Desk: g.desk,
		Groups: memShelves{}, Clock: clock, Random: rand.Reader, Guard: func(ctx context.Context, q chancery.GuardQuery) error {
			if g.holds == nil {
				return nil
			}
			return g.holds(ctx, q)
		}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if err := g.Close(); err != nil {
			t.Error(err)
		}
	})
	var h http.Handler
	g.site = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }))
	t.Cleanup(func() { g.site.CloseClientConnections(); g.site.Close() }) // an open page holds a stream
	if h, err = web.New(web.Config{Chancery: g.Chancery, Origin: g.site.URL}); err != nil {
		t.Fatal(err)
	}
	if err := g.AddPerson(t.Context(), chancery.Who{Admin: true}, chancery.PersonRow{ID: person, Name: called}); err != nil {
		t.Fatal(err)
	}
	if g.who, err = g.Local(t.Context(), person); err != nil {
		t.Fatal(err)
	}
	return g
}

func (x *table) carry() {
	x.t.Helper()
	carry(x.t, x.plenary...)
	carry(x.t, x.one...)
}

// say has a party act in a group, and brings it to the other.
func (x *table) say(groups []*chancery.Group, who int, bodies ...act.Body) []chancery.Receipt {
	x.t.Helper()
	var drafts []chancery.Draft
	for _, b := range bodies {
		drafts = append(drafts, chancery.Draft{Body: b})
	}
	person := []*ground{x.us, x.il}[who].who
	out, err := groups[who].Admit(x.t.Context(), person, drafts...)
	if err != nil {
		x.t.Fatal(err)
	}
	carry(x.t, groups...)
	return out
}

// agree has the first party table a content and the second accept it.
func (x *table) agree(groups []*chancery.Group, ref act.Ref, c act.Content) act.Hash {
	x.t.Helper()
	r := x.say(groups, 0, act.Table{Element: ref, Content: c})
	x.say(groups, 1, act.Accept{Element: ref, Revision: r[0].ID})
	return r[0].ID
}

func (x *table) on(month time.Month, day, hour int) {
	x.now = time.Date(2017, month, day, hour, 20, 0, 0, time.UTC)
}

const speech = `First, we will work with our allies to counter the regime’s destabilizing activity and support for terrorist proxies in the region.

Second, we will place additional sanctions on the regime to block their financing of terror.

Third, we will address the regime’s proliferation of missiles and weapons that threaten its neighbors, global trade, and freedom of navigation.

And finally, we will deny the regime all paths to a nuclear weapon.`

// play makes the small plan.
func play(t testing.TB) *table {
	t.Helper()
	x := setTable(t)
	p, w := x.plenary, x.one
	x.agree(p, "S-1", act.Content{Kind: act.Statement, Title: in("en", "Presidential address"), Text: in("en", speech), SaidBy: in("en", "The President, White House"), SaidOn: "2017-10-13",
		Source: in("en", "Public text of the United States Government, four sentences shown")})
	mark := func(ref act.Ref, n uint32, quote string, aside text.Texts) {
		x.agree(p, ref, act.Content{Kind: act.Passage, Parent: "S-1", Paragraph: n, Quote: quote, Aside: aside})
	}
	mark("P-1", 1, "work with our allies to counter the regime’s destabilizing activity and support for terrorist proxies", nil)
	mark("P-2", 2, "place additional sanctions on the regime", both("National action; not for this plan.", "צעד לאומי; לא לתוכנית זו."))
	mark("P-3", 3, "address the regime’s proliferation of missiles and weapons", nil)
	mark("P-4", 3, "freedom of navigation", nil)
	mark("P-5", 4, "deny the regime all paths to a nuclear weapon", nil)
	reported := both("As reported by Axios", "לפי דיווח Axios")
	goal := func(ref act.Ref, en, he string, cites ...act.Ref) {
		x.agree(p, ref, act.Content{Kind: act.Goal, Title: both(en, he), Text: both("The Parties shall work together to that end.", "הצדדים יפעלו יחד לשם כך."), Cites: cites, Source: reported})
	}
	goal("G-1", "Block any path to nuclear weapons", "חסימת כל דרך לנשק גרעיני", "P-5")
	goal("G-2", "Counter other activity in the region", "בלימת פעילות אחרת באזור", "P-1")
	goal("G-3", "Counter the precision-missile project", "סיכול פרויקט דיוק הטילים", "P-3")
	goal("G-4", "Prepare for escalation scenarios", "היערכות לתרחישי הסלמה")
	x.agree(w, "W-1.1", act.Content{Kind: act.Way, Parent: "G-1", Title: both("Verify by diplomacy that the agreement is kept", "אימות בדרכי דיפלומטיה שההסכם מקוים"),
		Text: both("The Parties shall verify, first of all by diplomacy, that the agreement is being kept.", "הצדדים יאמתו, בראש ובראשונה בדרכי דיפלומטיה, שההסכם מקוים.")})
	x.agree(w, "A-1.1.1", act.Content{Kind: act.Action, Parent: "W-1.1", Title: both("Joint reading of each quarterly report", "קריאה משותפת של כל דוח רבעוני"),
		Text: both("The Parties shall read each quarterly report of the Agency together.", "הצדדים יקראו יחד כל דוח רבעוני של הסוכנות."), Due: "2018-02-22", Lead: []party.Code{"US"}})
	x.assessments()
	x.agree(w, "A-1.1.3", act.Content{Kind: act.Action, Parent: "W-1.1", Title: both("Shared list of verification questions", "רשימה משותפת של שאלות אימות"),
		Text: both("A joint list of verification questions shall be kept current; either Party may hand it to the Agency with notice to the other.",
			"רשימה משותפת של שאלות אימות תעודכן בשוטף; כל צד רשאי למוסרה לסוכנות בהודעה לצד האחר."), Due: "2018-01-30", Lead: []party.Code{"IL"}, Support: []party.Code{"US"}})
	x.agree(w, "M-1.1.3.1", act.Content{Kind: act.Means, Parent: "A-1.1.3", Title: both("Two analysts from each party, one secure room", "שני אנליסטים מכל צד, חדר מאובטח אחד"),
		Text: both("Each Party shall provide two analysts.", "כל צד יעמיד שני אנליסטים."), Amount: "2", Unit: both("analysts", "אנליסטים")})
	x.agree(w, "W-1.2", act.Content{Kind: act.Way, Parent: "G-1", Title: both("Add diplomatic pressure where a breach is found", "הגברת הלחץ הדיפלומטי במקרה של הפרה"),
		Text: both("Where a breach is found the Parties shall add diplomatic pressure.", "במקרה של הפרה יגבירו הצדדים את הלחץ הדיפלומטי.")})
	x.say(w, 1, act.Remark{Element: "W-1.2", Sort: act.Reservation, Text: both("Israel reserves its position on timing.", "ישראל שומרת על עמדתה בעניין העיתוי.")})
	x.say(w, 0, act.Table{Element: "A-1.2.1", Content: act.Content{Kind: act.Action, Parent: "W-1.2", Title: both("Additional diplomatic steps", "צעדים דיפלומטיים נוספים"),
		Text: both("Additional diplomatic steps may be taken by common accord.", "ניתן לנקוט צעדים דיפלומטיים נוספים בהסכמה הדדית.")}})
	x.on(12, 12, 9)
	return x
}

// assessments is the element on which letters go back and forth.
func (x *table) assessments() {
	text := func(n, words string) act.Content {
		return act.Content{Kind: act.Action, Parent: "W-1.1", Title: both("Exchange of assessments", "חילופי הערכות"), Due: "2017-12-19",
			Text: both("The Parties shall exchange their written assessments of each report of the Agency within "+n+words+".",
				"הצדדים יחליפו ביניהם הערכות כתובות על כל דוח של הסוכנות בתוך "+n+" ימים.")}
	}
	x.say(x.one, 0, act.Table{Element: "A-1.1.2", Content: text("45", " days of its publication")})
	x.on(12, 2, 10)
	x.say(x.one, 1, act.Table{Element: "A-1.1.2", Content: text("7", " days of its publication")})
	x.on(12, 4, 15)
	x.say(x.one, 0, act.Table{Element: "A-1.1.2", Content: text("30", " days of its publication")})
	x.say(x.one, 0, act.Remark{Element: "A-1.1.2", Sort: act.Comment, Text: both("Thirty days is what our agencies need.", "שלושים יום הם מה שגופינו צריכים.")})
	x.on(12, 11, 15)
	x.say(x.one, 1, act.Table{Element: "A-1.1.2", Content: text("14", " days of its publication, and in any case before the Board of Governors meets")})
}
