package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"entente/internal/compliance"
	"entente/internal/evidence"
)

// TestAVerdictIsShownToStrangers: the page of an obligation gives a file; whoever has it is told the same
// verdict by the page Verify, in words and with both; of a margin nothing is in it.
func TestAVerdictIsShownToStrangers(t *testing.T) {
	x := setObligations(t)
	us := x.us.signedIn()
	us.get("/g/1/monitor/O-1").has(http.StatusOK, `href="/g/1/evidence/O-1"`)
	us.get("/g/1/monitor/O-1?on=2016-11-10&by=reported").has(http.StatusOK, `href="/g/1/evidence/O-1?on=2016-11-10&amp;by=reported"`)
	for path, want := range map[string]compliance.Verdict{"O-1": compliance.Within, "O-1?on=2016-11-10&by=reported": compliance.Exceeded, "O-6": compliance.Disputed, "O-8": compliance.Disputed, "L-1": compliance.Exceeded} {
		file := us.get("/g/1/evidence/" + path)
		file.has(http.StatusOK)
		report, again := evidence.Examine(strings.NewReader(file.body), x.us.Card(), x.il.Card())
		if !report.Valid || again == nil || again.Here != want {
			t.Errorf("%s: %s %+v", path, report.Answer, report.Checks)
		}
	}
	for _, gone := range []string{"O-9", "O-77", "T-1", "G-1"} {
		if p := us.get("/g/1/evidence/" + gone); p.status == http.StatusOK {
			t.Errorf("%s has a file", gone)
		}
	}
	if x.us.guest("nobody").get("/g/1/evidence/O-1").status != http.StatusNotFound {
		t.Error("somebody who sits nowhere has it")
	}

	file := us.get("/g/1/evidence/O-1?on=2016-11-10&by=reported").body
	stranger := x.us.browser()
	stranger.present("/verify", file).has(http.StatusOK, "Yes. The verdict follows from what the parties signed", "data-claimed", "data-here", "the same", "Exceeded", "Stock of heavy water", "Annex I 14",
		"heavy_water.latest() &lt;= 130.0", "by what had been reported by 10 Nov 2016", "data-number", "What a party knows and has not entered")
	another := strings.Replace(file, "finding exceeded", "finding within", 1)
	stranger.present("/verify", another).has(http.StatusOK, "No. The verdict is not the one that follows", "not the same", "the entries come to “exceeded”")
	stranger.post("/preferences", url.Values{"language": {"he"}, "return": {"/verify"}})
	page := stranger.present("/verify", another)
	page.has(http.StatusOK, `dir="rtl"`, "הקובץ אומר „\u2068בתוך התחום\u2069”, ומן הרשומות יוצא „\u2068חריגה\u2069”.")
	if bare := regexp.MustCompile(`(?s)<[^>]*>`).ReplaceAllString(stripEnglish(page.body), " "); strings.Contains(bare, "The ") {
		t.Errorf("a sentence stays in English: %s", bare[strings.Index(bare, "The "):][:60])
	}
}

// TestNoReadingOfAMarginIsShown: what a delegation keeps for itself makes its own page's verdict, and
// neither stands in the file nor counts in it.
func TestNoReadingOfAMarginIsShown(t *testing.T) {
	x := setObligations(t)
	us := x.us.signedIn()
	form := us.get("/g/1/monitor/O-1/observe")
	us.filled(form, "/g/1/monitor/O-1/observe", map[string][]string{"value": {"777.25"}, "unit": {"t"}, "asof": {"2017-11-28"}, "title": {"Cable zzlantern"}, "sign": {"="},
		"grade-source": {"A"}, "grade-info": {"1"}, "where": {"kept"}}).has(http.StatusOK, "777.25", "Exceeded")
	file := us.get("/g/1/evidence/O-1").body
	report, again := evidence.Examine(strings.NewReader(file), x.us.Card(), x.il.Card())
	if !report.Valid || again.Here != compliance.Within || strings.Contains(file, "zzlantern") || strings.Contains(file, "777.25") {
		t.Errorf("%s %+v", report.Answer, report.Checks)
	}
}

// TestVerdictsOfStrangersAreNotComputedHere: anybody may present a file; what one of another group says
// is shown as said, and its rules are not asked.
func TestVerdictsOfStrangersAreNotComputedHere(t *testing.T) {
	x := setObligations(t)
	file := x.us.signedIn().get("/g/1/evidence/O-1").body
	other := newGround(t, "EG", both("Egypt", "מצרים"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	for _, b := range []*browser{other.browser(), other.signedIn()} {
		page := b.present("/verify", file)
		page.has(http.StatusOK, "Not shown.", "data-claimed", "only of groups that its own party is in", "The verdict was not computed.")
		page.hasNot("data-here")
	}
}
