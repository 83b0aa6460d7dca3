package web_test

import (
	"encoding/json"
	"net/http"
	"testing"
	"time"

	"entente/act"
	"entente/plan"
)

// setAll is a table at which everything that is done there stands once: a silence that runs and one
// that was broken, a co-chair's text, an acceptance ad referendum, a package, notes and calendars.
func setAll(t testing.TB) *table {
	x := setTalks(t)
	until := time.Date(2017, 12, 14, 16, 0, 0, 0, time.UTC).UnixMilli()
	goal := func(en, he, words, verba string) act.Content {
		return act.Content{Kind: act.Goal, Title: both(en, he), Text: both(words, verba)}
	}
	x.say(x.one, 0, act.Calendar{Rest: act.On(time.Saturday) | act.On(time.Sunday), Days: []act.Holiday{{On: "2017-12-25", Name: both("Christmas", "חג המולד")}}})
	x.say(x.one, 1, act.Calendar{Rest: act.On(time.Friday) | act.On(time.Saturday)})
	x.say(x.one, 1, act.Table{Element: "G-1", Content: goal("Exchange of assessments", "חילופי הערכות", middle, middleHe), Until: until})
	x.say(x.one, 1, act.Table{Element: "G-2", Content: goal("Meetings", "פגישות", "The groups meet once a year.", "הקבוצות נפגשות פעם בשנה."), Until: until})
	x.say(x.one, 1, act.Table{Element: "G-2", Content: goal("Meetings", "פגישות", "The groups meet twice a year.", "הקבוצות נפגשות פעמיים בשנה.")})
	third := x.say(x.one, 1, act.Table{Element: "G-3", Content: goal("Sources", "מקורות", "Sources are shared.", "המקורות משותפים.")})
	x.say(x.one, 0, act.Refer{Element: "G-3", Revision: third[0].ID, Until: time.Date(2017, 12, 28, 23, 0, 0, 0, time.UTC).UnixMilli(), Role: both("Secretary of State", "מזכיר המדינה")})
	x.say(x.one, 1, act.Table{Element: "G-3", Content: goal("Sources", "מקורות", "Sources are shared in writing.", "המקורות משותפים בכתב."), Offered: true})
	x.say(x.one, 0, act.Remark{Element: "G-3", Revision: third[0].ID, Sort: act.Scrutiny, Text: both("Our lawyers have yet to read it.", "יועצינו עוד צריכים לקרוא.")})
	x.say(x.one, 0, act.Remark{Element: "G-3", Revision: third[0].ID, Sort: act.Interpretation, Text: both("Sources means public sources.", "מקורות פירושם מקורות גלויים.")})
	fourth := x.say(x.one, 1, act.Table{Element: "G-4", Content: goal("Stocktaking", "מפקד", "Stock is taken once a year.", "המפקד נעשה פעם בשנה.")})
	x.say(x.one, 1, act.Table{Element: "K-1", Content: act.Content{Kind: act.Package, Title: both("Sources against stocktaking", "מקורות תמורת מפקד"),
		Contains: []act.Contained{{Element: "G-3", Revision: third[0].ID}, {Element: "G-4", Revision: fourth[0].ID}}}})
	fifth := x.say(x.one, 0, act.Table{Element: "G-5", Content: goal("Languages", "שפות", "Both are authentic.", "שתיהן מקור."), Until: until})
	x.say(x.one, 1, act.Remark{Element: "G-5", Revision: fifth[0].ID, Sort: act.Objection, Text: both("The Board meets later.", "המועצה נפגשת מאוחר יותר.")})
	x.now = x.now.Add(9 * time.Hour)
	return x
}

// tablePages are the pages of what is done at the table.
var tablePages = []string{"/", "/g/0/e/G-1", "/g/0/e/G-1/negotiate", "/g/0/e/G-1/silence", "/g/0/e/G-1/act/object", "/g/0/e/G-3", "/g/0/e/G-3/negotiate",
	"/g/0/e/G-3/act/refer?of=IL", "/g/0/e/G-5", "/g/0/e/G-5/silence", "/g/0/e/K-1", "/g/0/e/K-1/negotiate", "/g/0/e/K-1/act/accept?of=IL", "/g/0/packages/new", "/g/0/negotiation",
	"/groups/0", "/groups/0/calendar", "/groups/new", "/g/0/doc", "/g/0/plan"}

// TestTodaySaysWhatEndsAndWhatWasBroken has the silences, the referrals and their ends on Today.
func TestTodaySaysWhatEndsAndWhatWasBroken(t *testing.T) {
	x := setAll(t)
	us := x.us.signedIn()
	us.get("/").has(http.StatusOK, "If no one breaks silence, this text of", "Read under silence", "Silence ends, G 1", "Ad referendum lapses, G 3", "Under silence", `role="alert"`, "broke silence on G 5", "The Board meets later.")
	if x.sheet(0).Outcome != plan.SilenceRuns {
		t.Error("the silence on G 1 does not run")
	}
	x.il.signedIn().get("/").has(http.StatusOK, "offered a text that is nobody’s position yet", "/g/0/e/G-3/negotiate")
	us.get("/g/0/negotiation").has(http.StatusOK, "Under silence, ", "In package K 1", "Scrutiny reservation", "until 28 Dec · United States")
	us.get("/g/0/doc").has(http.StatusOK, `aria-label="under silence"`)
	us.get("/g/0/plan").has(http.StatusOK, "Under silence, ", "Agreed ad referendum, until 28 Dec")
	for _, path := range tablePages {
		us.get(path).has(http.StatusOK)
	}
}

// TestWhoSaysThatTheLanguagesMeanTheSame has the certificates of a text on its own page and where it
// is negotiated.
func TestWhoSaysThatTheLanguagesMeanTheSame(t *testing.T) {
	x := setTalks(t)
	us := x.us.signedIn()
	const none = "are certified to mean the same"
	us.get("/g/0/e/G-1").hasNot(none)
	last := us.get("/g/0/e/G-1.json").body
	var d plan.Dossier
	if err := json.Unmarshal([]byte(last), &d); err != nil {
		t.Fatal(err)
	}
	x.say(x.one, 1, act.Certify{Element: "G-1", Revision: d.Positions[1].Revision.ID})
	for _, path := range []string{"/g/0/e/G-1", "/g/0/e/G-1/negotiate"} {
		us.get(path).has(http.StatusOK, "The languages of revision 2 are certified to mean the same by Israel.")
	}
}

// TestPagesOfTheTableInABrowser puts the pages of what is done at the table before axe-core.
func TestPagesOfTheTableInABrowser(t *testing.T) {
	x := setAll(t)
	b := x.us.signedIn()
	looking{phone: 320, ready: ".js", half: true}.at(t, window(t), b, tablePages...)
}
