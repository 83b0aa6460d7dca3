package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
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
	both.hasNot("Mark as same meaning") // nobody here has the power
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
