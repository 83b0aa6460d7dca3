package web_test

import (
	"context"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"regexp"
	"strings"
	"sync"
	"testing"

	"entente/act"
	"entente/internal/api"
	"entente/internal/national"
	"entente/internal/web"
)

// memMargin keeps the entries of a margin in memory.
type memMargin struct {
	mu   sync.Mutex
	kept []struct {
		group act.Hash
		e     national.Entry
	}
}

func (m *memMargin) Add(_ context.Context, group act.Hash, e national.Entry) error {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.kept = append(m.kept, struct {
		group act.Hash
		e     national.Entry
	}{group, e})
	return nil
}

func (m *memMargin) Each(_ context.Context, take func(act.Hash, national.Entry) error) error {
	for _, k := range m.kept {
		if err := take(k.group, k.e); err != nil {
			return err
		}
	}
	return nil
}

// withMargin gives a ground a margin of its own, and pages that know it.
func (g *ground) withMargin() {
	g.t.Helper()
	var err error
	if g.margins, err = national.Open(g.t.Context(), &memMargin{}); err != nil {
		g.t.Fatal(err)
	}
	g.holds = api.Guard(g.margins, g.Self(), g.GroupByID, g.Now)
	var h http.Handler
	g.site = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { h.ServeHTTP(w, r) }))
	site := g.site
	g.t.Cleanup(func() { site.CloseClientConnections(); site.Close() })
	if h, err = web.New(web.Config{Chancery: g.Chancery, Origin: g.site.URL, Margin: g.margins}); err != nil {
		g.t.Fatal(err)
	}
}

const marginOf = "/g/1/e/A-1.1.2/margin"

// write writes an entry into the margin of A 1.1.2 by its form.
func (b *browser) write(form url.Values) shown {
	b.t.Helper()
	return b.post(marginOf, form)
}

// instructed is the small plan with a margin of US beside A 1.1.2.
func instructed(t *testing.T) (*table, *browser) {
	x := play(t)
	x.us.withMargin()
	b := x.us.signedIn()
	for _, form := range []url.Values{
		{"field": {"instruction"}, "words": {"Twenty-one days is acceptable if paired with a yearly stocktaking. Not below fourteen."}},
		{"field": {"red-line"}, "kind": {"number"}, "units": {"days, ימים"}, "min": {"21"}, "max": {"60"}, "words": {"Three weeks at the least."}},
		{"field": {"note"}, "words": {"Keep their clause, win the stocktaking."}},
		{"field": {"fallback"}, "words": {"Eighteen days with a review of the period."}},
		{"field": {"reason"}, "reason": {"waiting"}, "of": {"IL"}, "words": {"Cable of 11 December is not answered yet."}},
	} {
		b.write(form).has(http.StatusOK, "Kept in the margin. Nothing was sent.")
	}
	return x, b
}

func TestTheTornMarginStandsBesideElementAndAnswer(t *testing.T) {
	_, b := instructed(t)
	for _, path := range []string{"/g/1/e/A-1.1.2", "/g/1/e/A-1.1.2/negotiate"} {
		p := b.get(path)
		p.has(http.StatusOK, "US only", "Stays on this server. In no log.", "Twenty-one days is acceptable", "Three weeks at the least.", "is outside of the red line (",
			"win the stocktaking", "Eighteen days", "Waiting for instructions", "Reply to your delegation")
		if p.header.Get("Cache-Control") != "no-store" {
			t.Errorf("%s may be kept: %q", path, p.header.Get("Cache-Control"))
		}
	}
	b.get("/g/1/e/A-1.1.2.json").hasNot("acceptable", "stocktaking", "Eighteen")
	b.get("/g/1/e/A-1.1.2/negotiate.json").hasNot("acceptable", "stocktaking", "Eighteen")
	b.get("/g/1/e/A-1.1.1").hasNot("acceptable", "stocktaking", "Eighteen")
	b.get(marginOf+".json").has(http.StatusOK, "acceptable")
	b.get("/search?q=stocktaking").hasNot("win the stocktaking")
	b.get("/board").has(http.StatusOK, "Waits for instructions")
	b.get("/g/1/negotiation").has(http.StatusOK, "Waits for your instructions")
	b.get("/g/1/negotiation.json").hasNot("Cable of 11 December", "waiting")
	back := b.write(url.Values{"field": {"note"}, "words": {"Agreed."}, "from": {"negotiate"}})
	back.has(http.StatusOK, "Agreed.", "Kept in the margin.")
	if !strings.HasPrefix(back.path, "/g/1/e/A-1.1.2/negotiate") {
		t.Errorf("a reply leads to %s", back.path)
	}
	b.get("/g/1/margin").has(http.StatusOK, "Margin: ", "A 1.1.2", "6 entries")
}

func TestTheMarginIsChangedEndedAndRefusedByForms(t *testing.T) {
	_, b := instructed(t)
	b.write(url.Values{"field": {"instruction"}, "number": {"1"}, "words": {"Twenty days."}}).has(http.StatusOK, "Twenty days.", "one earlier wording")
	b.write(url.Values{"do": {"end"}, "number": {"1"}}).has(http.StatusOK, "One that has ended")
	b.write(url.Values{"field": {"red-line"}, "kind": {"number"}, "units": {"days"}, "words": {"What was typed stays."}}).has(http.StatusUnprocessableEntity, "There is a problem", "What was typed stays.")
	b.write(url.Values{"field": {"red-line"}, "kind": {"rule"}, "rule": {"text ++ 1"}}).has(http.StatusUnprocessableEntity, "There is a problem", "text ++ 1")
	b.write(url.Values{"field": {"nonsense"}}).has(http.StatusUnprocessableEntity, "There is a problem")
	b.post("/g/1/e/A-9.9/margin", url.Values{"field": {"note"}, "words": {"x"}}).has(http.StatusNotFound)
}

func TestTheMarginIsForTheDelegationAlone(t *testing.T) {
	x, _ := instructed(t)
	other := x.us.guest("x.other")
	for _, path := range []string{"/g/1/e/A-1.1.2", marginOf, marginOf + ".json", "/g/1/margin", "/g/1/margin.json"} {
		other.get(path).has(http.StatusNotFound)
	}
	other.write(url.Values{"field": {"note"}, "words": {"x"}}).has(http.StatusNotFound)
	il := x.il.signedIn()
	il.get(marginOf).has(http.StatusNotFound)
	p := il.get("/g/1/e/A-1.1.2")
	p.has(http.StatusOK)
	p.hasNot("acceptable", "stub", "Eighteen")
}

// TestARedLineIsChangedWhereItStands: the form begins with the line as it stands, keeps what was typed
// where it is refused, and leaves what it said before on record.
func TestARedLineIsChangedWhereItStands(t *testing.T) {
	_, b := instructed(t)
	page := b.get(marginOf)
	change := regexp.MustCompile(`/margin\?change=(\d+)#write-red-line`).FindStringSubmatch(page.body)
	if change == nil {
		t.Fatal("no red line can be changed")
	}
	at := marginOf + "?change=" + change[1]
	form := b.get(at)
	form.has(http.StatusOK, "Change the red line", `value="days, ימים"`, `value="21"`, `value="60"`, "Three weeks at the least.</textarea>")
	line := url.Values{"field": {"red-line"}, "number": {change[1]}, "kind": {"number"}, "units": {"days, ימים"}, "min": {"70"}, "max": {"60"}, "words": {"Three weeks."}}
	b.write(line).has(http.StatusUnprocessableEntity, "There is a problem", "Change the red line", `value="70"`, "Three weeks.</textarea>")
	line.Set("min", "28")
	b.write(line).has(http.StatusOK, "Kept in the margin.")
	changed := b.get(marginOf)
	changed.has(http.StatusOK, "28", "Three weeks.", "Three weeks at the least.") // the last as it was before
	if n := strings.Count(changed.body, "?change="); n != 1 {
		t.Errorf("%d red lines can be changed, of one", n)
	}
	b.get(marginOf + "?change=999").hasNot("Change the red line")
}

// TestTheMarginRefusesInTheReadersLanguage: what is wrong with an entry is said in Hebrew where the page is.
func TestTheMarginRefusesInTheReadersLanguage(t *testing.T) {
	_, b := instructed(t)
	site, _ := url.Parse(b.site)
	b.Jar.SetCookies(site, []*http.Cookie{{Name: "entente-look", Value: url.Values{"l": {"he"}}.Encode(), Path: "/"}})
	for _, c := range []struct {
		form url.Values
		said string
	}{
		{url.Values{"field": {"red-line"}, "kind": {"number"}, "units": {"days"}, "min": {"70"}, "max": {"60"}}, "גדול מן המרב"},
		{url.Values{"field": {"red-line"}, "kind": {"number"}, "units": {"days"}, "rule": {"true"}, "min": {"7"}}, "אין מקום ל\u2068כלל\u2069"},
		{url.Values{"field": {"note"}}, "\u2068בתוך המשלחת\u2069: \u2068נחוצות מילים\u2069. דבר לא נכתב."},
	} {
		p := b.write(c.form)
		p.has(http.StatusUnprocessableEntity, c.said)
		p.hasNot("Nothing was written", "red line of the kind", "it needs words")
	}
}

const overlap = "The Parties shall exchange their assessments; eighteen days with a review of the period."

func TestWhatRepeatsTheMarginIsHeldAndReleasedOnce(t *testing.T) {
	x, b := instructed(t)
	page := b.get("/g/1/e/A-1.1.2/negotiate")
	form := url.Values{"text-en": {overlap}, "text-he": {"הצדדים יחליפו הערכות בתוך 18 ימים."}, "do": {"preview"}}
	typed := b.filled(page, "/g/1/e/A-1.1.2/negotiate", form)
	typed.has(http.StatusOK, "Your draft crosses a red line.", "It would be held.", `id="margin-check"`)
	form.Set("do", "send")
	held := b.filled(page, "/g/1/e/A-1.1.2/negotiate", form)
	held.has(http.StatusForbidden, "held here. Nothing was sent.", "Nothing has left this server.", "as in your margin beside", "Fallback", overlap+"</textarea>", "Look at a release")
	act := html.UnescapeString(held.hidden("act"))
	at := "/g/1/e/A-1.1.2/release"
	shown := b.post(at, url.Values{"act": {act}, "do": {"show"}})
	shown.has(http.StatusOK, "Exactly this would leave", overlap, "It would be read by", "TLP:AMBER+STRICT", "What has left cannot be recalled.", "Release this text, once")
	b.post(at, url.Values{"act": {act}, "do": {"release"}}).has(http.StatusUnprocessableEntity, "Write why it may leave")
	b.post(at, url.Values{"act": {"{"}, "do": {"release"}}).has(http.StatusUnprocessableEntity, "could not be read again")
	b.post(at, url.Values{"act": {act}, "do": {"send"}}).has(http.StatusForbidden)
	b.post(at, url.Values{"act": {act}, "do": {"release"}, "words": {"The minister said so on the telephone."}}).has(http.StatusOK, "Released, once and word for word.", "Send it now")
	b.post(at, url.Values{"act": {act}, "do": {"send"}}).has(http.StatusOK, "Sent ")
	x.carry()
	p := x.il.signedIn().get("/g/1/e/A-1.1.2")
	p.has(http.StatusOK, "eighteen days")
	p.hasNot("The minister said so")
}

func TestADraftIsKeptClearedAndGoneOnWith(t *testing.T) {
	x, b := instructed(t)
	b.write(url.Values{"field": {"clearance"}, "person": {"d.reyes"}, "words": {"Every number."}}).has(http.StatusOK, "D. Reyes")
	page := b.get("/g/1/e/A-1.1.2/negotiate")
	form := url.Values{"text-en": {"The Parties shall exchange assessments within 21 days."}, "text-he": {"הצדדים יחליפו הערכות בתוך 21 ימים."}, "do": {"send"}}
	b.filled(page, "/g/1/e/A-1.1.2/negotiate", form).has(http.StatusForbidden, "has not been cleared by", "Keep the draft and ask for clearance")
	form.Set("do", "keep")
	kept := b.filled(page, "/g/1/e/A-1.1.2/negotiate", form)
	kept.has(http.StatusOK, "Kept in the margin.", "within 21 days.</textarea>", "Clear this draft, word for word", "Your draft is within the red lines.")
	b.write(url.Values{"do": {"clear"}}).has(http.StatusOK, "Kept in the margin.")
	again := b.get("/g/1/e/A-1.1.2/negotiate?draft=1")
	again.has(http.StatusOK, "within 21 days.</textarea>")
	again.hasNot("Clear this draft")
	form.Set("do", "send")
	b.filled(again, "/g/1/e/A-1.1.2/negotiate", form).has(http.StatusOK, "Sent ")
	x.carry()
	b.get("/g/1/e/A-1.1.2/release").has(http.StatusUnprocessableEntity, "There is no draft here")
}
