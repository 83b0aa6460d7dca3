package web_test

import (
	"html"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"entente/act"
	"entente/internal/chancery"
	"entente/internal/web"
	"entente/plan"
	"entente/text"
)

// payload breaks out of an element, an attribute, a script, a style and a comment, where it is not
// escaped; and is a formula, where a table's program reads it.
const payload = `=1+1"'></p></script></style>--><hx onx='y'>{{.}}\u003chx&lt;hx ]: [IL: shall`

func hostile(langs ...text.Lang) text.Texts {
	var t text.Texts
	for _, l := range langs {
		t = t.With(l, payload)
	}
	return t
}

// crawl follows every link within the site from the paths, and calls f with every page.
func crawl(b *browser, limit int, f func(shown), from ...string) int {
	link := regexp.MustCompile(`(?:href|action|src)="(/[^"#]*)`)
	had := map[string]bool{}
	for len(from) > 0 && len(had) < limit {
		path := from[0]
		from = from[1:]
		if had[path] || strings.HasPrefix(path, "/events") || strings.HasPrefix(path, "/assets") {
			continue
		}
		had[path] = true
		p := b.get(path)
		f(p)
		if !strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
			continue
		}
		for _, m := range link.FindAllStringSubmatch(p.body, -1) {
			from = append(from, html.UnescapeString(m[1]))
		}
	}
	return len(had)
}

// hostileGround is a server of US in a plenary with IL, whose every text is the payload.
func hostileGround(t *testing.T) (us *ground, g *chancery.Group) {
	t.Helper()
	us = newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", hostile("en", "he"), nil)
	il := newGround(t, "IL", both(`Israel"'><hx onx='y'>`, "ישראל<hx>"), "n.amar", hostile("en", "he"), nil)
	linkGrounds(us, il)
	groups := conveneOn(0, both(`Plenary"'><hx onx='y'>`, "מליאה<hx>"), act.Hash{}, us, il)
	w := hostile("en", "he")
	content := func(k act.ElementKind) act.Content {
		return act.Content{Kind: k, Title: w, Text: w, Source: w, Lead: nil}
	}
	goal := content(act.Goal)
	goal.Cites = []act.Ref{"P-1"}
	action := content(act.Action)
	action.Parent, action.Due = "G-1", "2018-01-31"
	means := content(act.Means)
	means.Parent, means.Amount, means.Unit = "A-1", "12", w
	ctx := t.Context()
	send := func(g *chancery.Group, who chancery.Who, list ...act.Body) {
		t.Helper()
		for _, b := range list {
			if _, err := g.Admit(ctx, who, draft(b)); err != nil {
				t.Fatalf("%T: %v", b, err)
			}
		}
	}
	send(groups[1], il.who,
		act.Table{Element: "S-1", Content: act.Content{Kind: act.Statement, Title: w, Text: w, Source: w, SaidBy: w}},
		act.Table{Element: "P-1", Content: act.Content{Kind: act.Passage, Parent: "S-1", Paragraph: 1, Quote: payload}},
		act.Table{Element: "G-1", Content: goal}, act.Table{Element: "A-1", Content: action}, act.Table{Element: "M-1", Content: means},
		act.Table{Element: "C-1", Content: content(act.Clause)},
		act.Remark{Element: "G-1", Sort: act.Reservation, Text: w}, act.Remark{Element: "G-1", Sort: act.Comment, Text: w},
		act.Report{Element: "A-1", AsOf: "2018-01-01", Progress: act.Underway, Note: w})
	carry(t, groups...)
	mine := content(act.Action)
	mine.Parent, mine.Text = "G-1", w.With("en", payload+" We shall not.")
	send(groups[0], us.who, act.Table{Element: "A-1", Content: mine}, act.Remark{Element: "A-1", Sort: act.Objection, Text: w},
		act.Accept{Element: "C-1", Revision: revisionOf(t, groups[0], "C-1")})
	carry(t, groups...)
	send(groups[1], il.who, act.Withdraw{Element: "M-1", Reason: w})
	carry(t, groups...)
	return us, groups[0]
}

// TestNoTextBecomesMarkup: whatever stands in a text of any sort, written by a counterpart, no page
// that can be reached carries it unescaped, and every page has the headers that would stop it.
func TestNoTextBecomesMarkup(t *testing.T) {
	us, _ := hostileGround(t)
	seen, said := 0, 0
	n := crawl(us.signedIn(), 400, func(p shown) {
		for _, h := range []string{"Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy"} {
			if p.header.Get(h) == "" {
				t.Errorf("%s has no %s", p.path, h)
			}
		}
		if p.status >= 500 {
			t.Errorf("%s: %d", p.path, p.status)
		}
		if !strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
			return
		}
		seen++
		if strings.Contains(p.body, "<hx") || strings.Contains(p.body, "'></p>") {
			i := strings.Index(p.body, "<hx")
			t.Errorf("%s carries the text unescaped: …%s", p.path, p.body[max(0, i-80):min(len(p.body), i+80)])
		}
		if strings.Contains(p.body, "&lt;hx") {
			said++
		}
	}, "/", "/?language=he", "/g/0/plan", "/g/0/doc", "/g/0/e/A-1", "/g/0/e/G-1", "/g/0/negotiation", "/g/0/e/A-1/negotiate", "/sync", "/sync/IL", "/g/0/new", "/s", "/s/S-1", "/g", "/settings", "/search?q=hx",
		"/search?q="+url.QueryEscape(payload), "/g/0/plan?at="+url.QueryEscape(payload), "/sync/"+url.PathEscape(payload), "/g/"+url.PathEscape(payload)+"/plan", "/sign-in?return=/"+url.QueryEscape(payload))
	if seen < 30 || said < 10 {
		t.Errorf("%d pages looked at, %d of HTML, %d with the text: the crawl found too little", n, seen, said)
	}
}

// TestNoPageTellsWhoSitsOutside: somebody of the party who sits in no group follows every link and
// tries every address that its members have; no page or twin tells of it, and those that name it
// answer as where there is nothing.
func TestNoPageTellsWhoSitsOutside(t *testing.T) {
	us, g := hostileGround(t)
	tells := regexp.MustCompile(`(?i)&lt;hx|<hx|Plenary|\bA[ -]1\b|Joint Strategic|` + g.ID().String())
	var paths []string
	crawl(us.signedIn(), 400, func(p shown) { paths = append(paths, p.path) }, "/", "/g/0/plan", "/g/0/e/A-1", "/g/0/doc", "/s", "/s/S-1")
	out := us.guest("k.moore")
	look := func(p shown) {
		body := strings.ReplaceAll(p.body, html.EscapeString(`Israel"'><hx onx='y'>`), "Israel") // a counterpart's name is no group's
		body = strings.ReplaceAll(body, `Israel\"'\u003e\u003chx onx='y'\u003e`, "Israel")
		body = strings.ReplaceAll(body, "ישראל&lt;hx&gt;", "")
		body = strings.ReplaceAll(body, "דוח, A 1.1.2", "") // an example of what can be looked for
		if i := tells.FindStringIndex(body); i != nil && !strings.Contains(p.path, "=") {
			t.Errorf("%s (%d) tells …%s…", p.path, p.status, body[max(0, i[0]-80):min(len(body), i[1]+40)])
		}
	}
	crawl(out, 200, look, "/", "/.json", "/sync", "/sync.json", "/s", "/s.json", "/search?q=hx", "/search.json?q=hx", "/g", "/g.json", "/sync/IL", "/sync/IL.json", "/sync/write", "/sync/write.json", "/sync/bundle")
	blank := regexp.MustCompile(`(?:/g/\d+|%2Fg%2F\d+)[^"&]*`) // the address stands in the page: take it out
	for _, path := range paths {
		if !strings.HasPrefix(path, "/g/0/") {
			continue
		}
		there, nowhere := out.get(path), out.get("/g/77/"+strings.TrimPrefix(path, "/g/0/"))
		if there.status != http.StatusNotFound || nowhere.status != there.status || blank.ReplaceAllString(there.body, "") != blank.ReplaceAllString(nowhere.body, "") {
			t.Errorf("%s: %d, and where there is nothing %d", path, there.status, nowhere.status)
		}
		if there := out.get(strings.SplitN(path, "?", 2)[0] + ".json"); there.status != http.StatusNotFound {
			t.Errorf("the twin of %s: %d", path, there.status)
		}
	}
	for path := range map[string]bool{"/g/0/new": true, "/g/0/e/A-1/negotiate": true, "/g/0/e/A-1/act/accept": true, "/g/0/doc/new": true} {
		if p := out.post(path, url.Values{"of": {"IL"}}); p.status != http.StatusNotFound {
			t.Errorf("a form to %s: %d", path, p.status)
		}
	}
}

// TestNobodyIsLedAway: what an address asks to go on to is an address of this server, however it
// is written.
func TestNobodyIsLedAway(t *testing.T) {
	g := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	for _, to := range []string{
		"//evil.example", "/\\evil.example", "\\\\evil.example", "https://evil.example", "/\t/evil.example", "/\n/evil.example", "/\r/evil.example",
		"\t//evil.example", " //evil.example", "javascript:alert(1)", "/.//evil.example", "///evil.example", "/\t\\evil.example", "/%2f/\t/evil.example",
		"/ok\r\nSet-Cookie: a=b", "/\x00/evil.example", "/\u2028/evil.example", "/x\\..\\..//evil.example",
	} {
		line := &http.Transport{DisableKeepAlives: true}
		for path, form := range map[string]url.Values{"/enter": {"secret": {g.link("d.reyes")}, "return": {to}}, "/preferences": {"theme": {"dark"}, "return": {to}}} {
			r, err := http.NewRequestWithContext(t.Context(), "POST", g.site.URL+path, strings.NewReader(form.Encode()))
			if err != nil {
				t.Fatal(err)
			}
			r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
			res, err := line.RoundTrip(r)
			if err != nil {
				t.Fatal(err)
			}
			res.Body.Close()
			l := res.Header.Get("Location")
			// Browsers take tabs and new lines out of an address before they read it.
			bare := strings.NewReplacer("\t", "", "\n", "", "\r", "", "\\", "/").Replace(l)
			if res.StatusCode != http.StatusSeeOther || !strings.HasPrefix(bare, "/") || strings.HasPrefix(bare, "//") || res.Header.Get("Set-Cookie") == "a=b" {
				t.Errorf("%s, return=%q: %d, led to %q", path, to, res.StatusCode, l)
			}
		}
	}
}

// TestFormsFromElsewhere: no address that writes takes a form that another site sent, signed in or
// not; and no GET writes.
func TestFormsFromElsewhere(t *testing.T) {
	us, g := hostileGround(t)
	b := us.signedIn()
	before := g.Version()
	for _, path := range []string{"/enter", "/set-up", "/preferences", "/sign-out", "/g/0/new", "/g/0/e/A-1/negotiate", "/g/0/e/A-1/act/accept", "/g/0/doc/new",
		"/s/new", "/s/S-1/mark", "/sync/invite", "/sync/join", "/sync/accept", "/sync/bundle", "/sync/bundle/apply", "/sync/write", "/sync/IL/try", "/sync/IL/address"} {
		for _, from := range []map[string]string{{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {"Origin": "null"},
			{"Origin": strings.Replace(us.site.URL, "127.0.0.1", "127.0.0.1.evil.example", 1)}} {
			for _, method := range []string{"POST", "PUT", "DELETE"} {
				r, err := http.NewRequestWithContext(t.Context(), method, us.site.URL+path, strings.NewReader("of=IL&theme=dark&address=evil.example:1"))
				if err != nil {
					t.Fatal(err)
				}
				r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
				for k, v := range from {
					r.Header.Set(k, v)
				}
				if p := b.take(b.Do(r)); p.status != http.StatusForbidden {
					t.Errorf("%s %s %v: %d", method, path, from, p.status)
				}
			}
		}
	}
	crawl(b, 300, func(shown) {}, "/", "/g/0/plan", "/g/0/e/A-1", "/sync")
	if p := b.get("/"); p.path != "/" || g.Version() != before {
		t.Errorf("something was written, or the session ended: %s", p.path)
	}
}

// TestSessionsAreNotGivenOrKept: a token that somebody put into the browser is not taken up, one of
// another server is worth nothing, and one that ended, by signing out or by removal, neither.
func TestSessionsAreNotGivenOrKept(t *testing.T) {
	us := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	il := newGround(t, "IL", both("Israel", "ישראל"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	cookieOf := func(g *ground, b *browser) *http.Cookie {
		u, _ := url.Parse(g.site.URL)
		for _, c := range b.Jar.Cookies(u) {
			if c.Name != "entente-look" {
				return c
			}
		}
		t.Fatal("no session")
		return nil
	}
	ask := func(g *ground, c *http.Cookie) string {
		r, _ := http.NewRequestWithContext(t.Context(), "GET", g.site.URL+"/", nil)
		r.AddCookie(c)
		b := g.browser()
		return b.take(b.Do(r)).path
	}
	b := us.signedIn()
	mine := cookieOf(us, b)
	if cookieOf(il, il.signedIn()).Name == mine.Name {
		t.Error("two servers on one host have one cookie")
	}
	if at := ask(us, mine); at != "/" {
		t.Fatalf("the session leads to %s", at)
	}
	given := *mine
	given.Value = strings.Repeat("A", 43)
	fixed := us.browser()
	u, _ := url.Parse(us.site.URL)
	fixed.Jar.SetCookies(u, []*http.Cookie{&given})
	fixed.post("/enter", url.Values{"secret": {us.link("d.reyes")}})
	if cookieOf(us, fixed).Value == given.Value || !strings.HasPrefix(ask(us, &given), "/sign-in") {
		t.Error("a token that was put there became a session")
	}
	elsewhere := *mine
	elsewhere.Name = cookieOf(il, il.signedIn()).Name
	if at := ask(il, &elsewhere); !strings.HasPrefix(at, "/sign-in") {
		t.Errorf("another server's token leads to %s", at)
	}
	for _, value := range []string{"", "%00", strings.Repeat("x", 5000), "d.reyes"} {
		odd := *mine
		odd.Value = value
		if at := ask(us, &odd); !strings.HasPrefix(at, "/sign-in") {
			t.Errorf("the token %.20q leads to %s", value, at)
		}
	}
	b.post("/sign-out", nil)
	if at := ask(us, mine); !strings.HasPrefix(at, "/sign-in") {
		t.Errorf("after signing out the token leads to %s", at)
	}
	gone := us.guest("k.gone")
	last := cookieOf(us, gone)
	if err := us.RemovePerson(t.Context(), us.who, "k.gone"); err != nil {
		t.Fatal(err)
	}
	if at := ask(us, last); !strings.HasPrefix(at, "/sign-in") {
		t.Errorf("after a removal the token leads to %s", at)
	}
}

// TestCookiesUnderTLS: where the pages are reached by TLS, the session's cookie is bound to this
// very host, and goes over no other line.
func TestCookiesUnderTLS(t *testing.T) {
	g := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), func(c *web.Config) { c.Origin = "https://entente.state.example" })
	c := &http.Client{CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }}
	res, err := c.PostForm(g.site.URL+"/enter", url.Values{"secret": {g.link("d.reyes")}})
	if err != nil {
		t.Fatal(err)
	}
	res.Body.Close()
	for _, k := range res.Cookies() {
		if !strings.HasPrefix(k.Name, "__Host-") || !k.Secure || !k.HttpOnly || k.Path != "/" || k.Domain != "" || k.SameSite != http.SameSiteLaxMode {
			t.Errorf("%+v", k)
		}
	}
	if len(res.Cookies()) != 1 || res.Header.Get("Strict-Transport-Security") == "" {
		t.Errorf("%v", res.Header)
	}
}

func revisionOf(t *testing.T, g *chancery.Group, ref act.Ref) (id act.Hash) {
	t.Helper()
	g.View(func(p *plan.State) { id = p.Revisions(ref)[0].ID })
	return id
}

// TestNoLineOfAnExportIsForged: words of several lines make no line of the plain text that could be
// taken for another paragraph, or for a bracket.
func TestNoLineOfAnExportIsForged(t *testing.T) {
	us := newGround(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"), nil)
	g := conveneOn(0, both("Plenary", "מליאה"), act.Hash{}, us)[0]
	w := both("Words.\n\n¶ 9  G 9  Forged\n[IL: shall]\nTLP:CLEAR", "מילים.\n¶ 9  G 9")
	for _, b := range []act.Body{act.Table{Element: "G-1", Content: act.Content{Kind: act.Goal, Title: w, Text: w}}, act.Remark{Element: "G-1", Sort: act.Reservation, Text: w}} {
		if _, err := g.Admit(t.Context(), us.who, draft(b)); err != nil {
			t.Fatal(err)
		}
	}
	for _, view := range []string{"", "?view=agreed", "?view=changes&since=0", "?lang=he"} {
		p := us.signedIn().get("/g/0/doc.txt" + view)
		p.has(http.StatusOK, "¶ 1  G 1", "¶ 9")
		for line := range strings.Lines(p.body) {
			if strings.HasPrefix(line, "¶ 9") || strings.HasPrefix(line, "[IL:") || strings.HasPrefix(line, "TLP:CLEAR") {
				t.Errorf("%s: %q stands at the beginning of a line", view, line)
			}
		}
	}
}
