package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"entente/act"
	"entente/plan"
	"entente/text"
)

// TestALanguageFollowsLater changes one language alone: the form asks what that means for the other;
// the page with both says which revisions they are at, until the other is changed too.
func TestALanguageFollowsLater(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	const at = "/g/1/e/A-1.1.2/negotiate"
	const en = "The Parties shall exchange their written assessments within twenty (20) days."
	page := b.get(at)
	page.has(http.StatusOK, "If the עברית is not changed", "It already says the same", "It follows later")
	page.hasNot("checked")
	silent := b.filled(page, at, url.Values{"text-en": {en}, "do": {"send"}})
	silent.has(http.StatusUnprocessableEntity, "say that it already says the same or follows later", en)
	b.filled(silent, at, url.Values{"text-en": {en}, "stays-he": {"later"}, "do": {"send"}}).has(http.StatusOK, "Sent ")
	var follows []act.Following
	var last act.Hash
	x.one[0].View(func(p *plan.State) {
		r := p.Element("A-1.1.2").Leading()
		last, follows = r.ID, p.Content(r).Follows
	})
	if len(follows) != 1 || follows[0].Lang != "he" || follows[0].Revision == last {
		t.Fatalf("the text says %v of what its languages follow", follows)
	}
	both := b.get("/g/1/doc/parallel")
	both.has(http.StatusOK, "The עברית follows revision ", "; the text is at revision ", "both languages follow the same revision")
	both.has(http.StatusOK, "Mark as same meaning") // the first person of a delegation has the power
	var doc struct{ Paragraphs []plan.Paragraph }
	if err := json.Unmarshal([]byte(b.get("/g/1/doc/parallel.json").body), &doc); err != nil {
		t.Fatal(err)
	}
	drifts, trees := 0, 0
	for _, p := range doc.Paragraphs {
		if p.Drift != nil {
			drifts++
		}
		for _, w := range p.Text {
			if len(w.Nodes) > 0 && strings.Contains(w.Plain(), "[US: ") && text.TallyOf(w.Nodes).Brackets > 1 {
				trees++
			}
		}
	}
	if drifts != 1 || trees == 0 {
		t.Errorf("%d paragraphs with a language behind, %d texts as trees", drifts, trees)
	}
	// catching up takes the language that was behind alone
	x.carry()
	x.us.signedIn()
	own := b.get(at + "?of=US")
	b.filled(own, at, url.Values{"text-he": {"הצדדים יחליפו ביניהם הערכות כתובות בתוך עשרים (20) ימים."}, "do": {"send"}}).has(http.StatusOK, "Sent ")
	b.get("/g/1/doc/parallel").hasNot("follows revision")
}

// TestPastedHiddenCharactersAreNamedAndPlaced says which character may not stand in a text, in which
// field and where, and keeps what was typed.
func TestPastedHiddenCharactersAreNamedAndPlaced(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	const at = "/g/1/e/A-1.1.2/negotiate"
	page := b.get(at)
	b.filled(page, at, url.Values{"text-en": {"One line.\nWithin \u202e03 days."}, "text-he": {"\u00adבתוך 21 ימים."}, "do": {"send"}}).has(http.StatusUnprocessableEntity,
		"The English holds U+202E in line 2, place 8, after “Within”", `href="#text-en"`,
		"The עברית holds U+00AD in line 1, place 1, which may not stand", `href="#text-he"`, "One line.")
	b.filled(b.get("/g/1/new?kind=way&parent=G-1"), "/g/1/new", url.Values{"parent": {"G-1"}, "title-en": {"Train\u200b"}, "title-he": {"x"}}).has(http.StatusUnprocessableEntity, "U+200B", `href="#title-en"`)
}

// TestHistoryIsToldInSentences reads what was done to an element as a story.
func TestHistoryIsToldInSentences(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	plain := func(p shown) string { return strings.Join(strings.Fields(tags.ReplaceAllString(p.body, " ")), " ") }
	story := plain(b.get("/g/1/e/A-1.1.2?tab=history"))
	for _, want := range []string{"proposed revision 1.", "answered revision ", " with revision "} {
		if !strings.Contains(story, want) {
			t.Errorf("the story does not say %q", want)
		}
	}
	story = plain(b.get("/g/1/e/A-1.1.1?tab=history"))
	if !strings.Contains(story, "accepted revision 1 of ") {
		t.Errorf("the story of an agreed element does not tell of its acceptance")
	}
	if story = plain(b.get("/g/1/e/W-1.2?tab=history")); !strings.Contains(story, "reserved its position:") {
		t.Error("the story does not tell of a reservation")
	}
}

var tags = regexp.MustCompile(`<[^>]*>`)

// TestStruckWordsStayVisible shows words in force that nobody keeps until their deletion is agreed,
// on the page, in its twin and in what is exported.
func TestStruckWordsStayVisible(t *testing.T) {
	x := play(t)
	at := func(en, he string) act.Table {
		return act.Table{Element: "M-1.1.3.1", Content: act.Content{Kind: act.Means, Parent: "A-1.1.3", Title: both("Two analysts from each party, one secure room", "שני אנליסטים מכל צד, חדר מאובטח אחד"),
			Text: both(en, he), Amount: "2", Unit: both("analysts", "אנליסטים")}}
	}
	x.say(x.one, 0, at("Each Party shall provide analysts within thirty (30) days.", "כל צד יעמיד אנליסטים בתוך שלושים ימים."))
	x.say(x.one, 1, at("Each Party shall provide analysts.", "כל צד יעמיד אנליסטים."))
	b := x.us.signedIn()
	p := b.get("/g/1/doc?at=M-1.1.3.1")
	p.has(http.StatusOK, `<s class="struck"><span class="t">two</span></s>`, "struck out by United States, Israel", `[US, IL strike: two]`)
	b.get("/g/1/doc.txt?lang=en").has(http.StatusOK, "[US, IL strike: two]", "[US: within thirty (30) days]")
	b.get("/g/1/doc.json?at=M-1.1.3.1").has(http.StatusOK, `"verb":"strikes"`)
}
