package web_test

import (
	"context"
	"net/http"
	"net/url"
	"testing"
	"time"

	"github.com/chromedp/chromedp"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/marking"
	"entente/plan"
)

// talksOn convenes a group of the grounds' parties whose co-chairs may put a text under silence for
// an hour or longer.
func talksOn(t testing.TB, list ...*ground) []*chancery.Group {
	t.Helper()
	zones := []string{"America/New_York", "Asia/Jerusalem"}
	terms := chancery.Terms{Name: both("Nuclear agreement", "הסכם הגרעין"), Plan: both("Joint Strategic Work Plan", "תוכנית עבודה אסטרטגית משותפת"),
		Languages: list[0].Card().Languages, Ceiling: marking.Label{TLP: marking.AmberStrict},
		Silence: group.Silence{Least: time.Hour, Kinds: []act.ElementKind{act.Goal, act.Way, act.Action, act.Means, act.Clause}}}
	for i, g := range list {
		terms.Members = append(terms.Members, group.Member{Code: g.Self(), Names: g.Card().Names, Signing: g.Card().Signing, Zone: zones[i%len(zones)]})
		terms.Chairs = append(terms.Chairs, group.Chair{Party: g.Self(), Person: g.who.Person})
	}
	first, err := list[0].Convene(t.Context(), list[0].who, terms)
	if err != nil {
		t.Fatal(err)
	}
	out := []*chancery.Group{first}
	for _, g := range list[1:] {
		if _, err := g.Offered(t.Context(), first.Charter().Format(), list[0].Self()); err != nil {
			t.Fatal(err)
		}
		joined, err := g.Answer(t.Context(), g.who, first.ID(), true)
		if err != nil {
			t.Fatal(err)
		}
		out = append(out, joined)
	}
	carry(t, out...)
	return out
}

// setTalks is a table at which a text is open: IL has countered what US proposed.
func setTalks(t testing.TB) *table {
	t.Helper()
	x := &table{t: t, now: time.Date(2017, 12, 12, 9, 20, 0, 0, time.UTC)}
	x.us = timedGround(x, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"))
	x.il = timedGround(x, "IL", both("Israel", "ישראל"), "n.amar", both("N. Amar", "נ׳ עמר"))
	linkGrounds(x.us, x.il)
	x.one = talksOn(t, x.us, x.il)
	goal := act.Content{Kind: act.Goal, Title: both("Exchange of assessments", "חילופי הערכות"), Text: both("Within thirty days.", "בתוך שלושים יום.")}
	x.say(x.one, 0, act.Table{Element: "G-1", Content: goal})
	goal.Text = both("Within fourteen days.", "בתוך ארבעה עשר יום.")
	x.say(x.one, 1, act.Table{Element: "G-1", Content: goal})
	return x
}

const middle, middleHe = "Within twenty-one days.", "בתוך עשרים ואחד יום."

func (x *table) sheet(who int) plan.Silence {
	x.t.Helper()
	var out []plan.Silence
	x.one[who].View(func(p *plan.State) { out = p.Silences("G-1", x.now.UnixMilli()) })
	if len(out) == 0 {
		x.t.Fatal("no silence was asked for")
	}
	return out[len(out)-1]
}

// TestSilenceIsAskedForAndBroken has a co-chair put a text under silence; the form is kept
// where the time will not do, and the other side sees the clock, breaks the silence, and says why.
func TestSilenceIsAskedForAndBroken(t *testing.T) {
	x := setTalks(t)
	us, il := x.us.signedIn(), x.il.signedIn()
	page := us.get("/g/0/e/G-1/negotiate")
	page.has(http.StatusOK, "Under silence until…", "Offer as the co-chair’s text", `type="datetime-local"`, "Jerusalem")
	typed := url.Values{"text-en": {middle}, "text-he": {middleHe}, "silence": {"yes"}, "until": {"2017-12-14T18:00"}, "zone": {"Asia/Jerusalem"}, "do": {"preview"}}
	us.filled(page, "/g/0/e/G-1/negotiate", typed).has(http.StatusOK, "11:00 Washington · 18:00 Jerusalem", "2 d 6 h")
	typed.Set("do", "send")
	typed.Set("until", "2017-12-12T11:40")
	us.filled(page, "/g/0/e/G-1/negotiate", typed).has(http.StatusUnprocessableEntity, "There is a problem", middle+"</textarea>", `value="2017-12-12T11:40"`, `href="#until"`, "sooner than a silence")
	typed.Set("until", "")
	us.filled(page, "/g/0/e/G-1/negotiate", typed).has(http.StatusUnprocessableEntity, "Give a day and an hour")
	typed.Set("until", "2017-12-14T18:00")
	us.filled(page, "/g/0/e/G-1/negotiate", typed).has(http.StatusOK, "Under silence until Thu 14 Dec, 11:00 Washington · 18:00 Jerusalem.", "Withdraw it before the end")
	carry(t, x.one...)

	il.get("/g/0/e/G-1/negotiate").has(http.StatusOK, "Under silence, 2 d 6 h", "unless a party breaks silence", "Break silence…")
	il.get("/g/0/e/G-1/silence").has(http.StatusOK, "Revision 3 under silence", "by the clock of", "asked for silence")
	object := il.get("/g/0/e/G-1/act/object")
	object.has(http.StatusOK, "Breaking silence stops adoption for everyone. Say why; the reason goes to all.", "Revision 3 is adopted")
	il.filled(object, "/g/0/e/G-1/act/object", nil).has(http.StatusUnprocessableEntity, "There is a problem")
	il.filled(object, "/g/0/e/G-1/act/object", url.Values{"words-en": {"The Board meets later."}}).has(http.StatusOK, "Silence broken", "Back in brackets")
	carry(t, x.one...)
	if out := x.sheet(0); out.Outcome != plan.SilenceBroken {
		t.Fatalf("the silence is %s", out.Outcome)
	}
	us.get("/g/0/e/G-1").has(http.StatusOK, `role="alert"`, "The Board meets later.", "Back in brackets.")
	us.get("/g/0/e/G-1/silence").has(http.StatusOK, "broke silence", "The Board meets later.")
	us.get("/g/0/e/G-1/act/object").has(http.StatusUnprocessableEntity, "No silence of another party runs")
	us.get("/g/0/e/G-1/silence.json").has(http.StatusOK, `"outcome":"broken"`)
}

// TestACoChairsTextIsHeldByNobody offers a bridge: it is a card of its own, can be countered and
// accepted, and becomes a position only then.
func TestACoChairsTextIsHeldByNobody(t *testing.T) {
	x := setTalks(t)
	us, il := x.us.signedIn(), x.il.signedIn()
	page := us.get("/g/0/e/G-1/negotiate")
	us.filled(page, "/g/0/e/G-1/negotiate", url.Values{"text-en": {middle}, "text-he": {middleHe}, "do": {"offer"}}).has(http.StatusOK, "Offered.", "held by nobody yet")
	carry(t, x.one...)
	il.get("/g/0/e/G-1/negotiate?of=offer").has(http.StatusOK, "Co-chair’s text, held by nobody yet", "begins with the co-chair’s text", middle+"</textarea>")
	accept := il.get("/g/0/e/G-1/act/accept?of=offer")
	accept.has(http.StatusOK, "Accept the co-chair’s text of G 1", "revision 3")
	il.filled(accept, "/g/0/e/G-1/act/accept", nil).has(http.StatusOK)
	carry(t, x.one...)
	also := us.get("/g/0/e/G-1/act/accept?of=offer")
	us.filled(also, "/g/0/e/G-1/act/accept", nil).has(http.StatusOK)
	x.carryTalks()
	if st := x.status("G-1"); st != plan.Agreed {
		t.Errorf("the element is %v", st)
	}
}

func (x *table) carryTalks() {
	x.t.Helper()
	carry(x.t, x.one...)
}

// TestAdReferendumSaysUntilWhenAndBindsNobody accepts subject to the capital, and confirms.
func TestAdReferendumSaysUntilWhenAndBindsNobody(t *testing.T) {
	x := setTalks(t)
	us := x.us.signedIn()
	x.say(x.one, 0, act.Calendar{Rest: act.On(time.Saturday) | act.On(time.Sunday)})
	page := us.get("/g/0/e/G-1/act/refer?of=IL")
	page.has(http.StatusOK, "ad referendum", "subject to confirmation by your capital", `value="2017-12-26T18:00"`)
	us.filled(page, "/g/0/e/G-1/act/refer", url.Values{"until": {"soon"}}).has(http.StatusUnprocessableEntity, "Give a day and an hour", "Say whose confirmation is awaited")
	us.filled(page, "/g/0/e/G-1/act/refer", url.Values{"until": {"2019-12-28T18:00"}, "zone": {"America/New_York"}, "role": {"Minister of Defence"}}).
		has(http.StatusUnprocessableEntity, "within a year", "Minister of Defence", `value="2019-12-28T18:00"`)
	us.filled(page, "/g/0/e/G-1/act/refer", url.Values{"until": {"2017-12-28T18:00"}, "zone": {"America/New_York"}, "role": {"Minister of Defence"}}).
		has(http.StatusOK, "Agreed ad referendum, until 28 Dec.", "Minister of Defence has to confirm", "Agreed ad referendum, until 28 Dec")
	if st := x.status("G-1"); st != plan.InBrackets {
		t.Errorf("accepting ad referendum made it %v", st)
	}
	confirm := us.get("/g/0/e/G-1/act/accept?of=IL")
	confirm.has(http.StatusOK, "This is the confirmation of what United States accepted ad referendum", "Confirm revision 2")
	us.filled(confirm, "/g/0/e/G-1/act/accept", nil).has(http.StatusOK)
	x.carryTalks()
	if st := x.status("G-1"); st != plan.Agreed {
		t.Errorf("once confirmed it is %v", st)
	}
}

// TestReservationsStatementsAndCertificates stay beside the text until they are lifted.
func TestReservationsStatementsAndCertificates(t *testing.T) {
	x := setTalks(t)
	us := x.us.signedIn()
	for _, one := range []struct{ act, says, then string }{
		{"scrutiny", "Somebody at home has yet to look at the text.", "Scrutiny reservation of United States"},
		{"interpret", "It changes no word of it, binds nobody else", "Interpretative statement of United States"},
	} {
		page := us.get("/g/0/e/G-1/act/" + one.act)
		page.has(http.StatusOK, one.says)
		us.filled(page, "/g/0/e/G-1/act/"+one.act, nil).has(http.StatusUnprocessableEntity)
		us.filled(page, "/g/0/e/G-1/act/"+one.act, url.Values{"words-en": {"Days are working days."}}).has(http.StatusOK)
		us.get("/g/0/e/G-1").has(http.StatusOK, one.then, "Days are working days.")
	}
	var note string
	x.one[0].View(func(p *plan.State) {
		d, _ := p.Dossier("G-1", 0)
		note = d.Interpretations[0].ID.String()
	})
	lift := us.get("/g/0/e/G-1/act/lift?note=" + note)
	us.filled(lift, "/g/0/e/G-1/act/lift", url.Values{"words-en": {"Settled."}}).has(http.StatusOK)
	us.get("/g/0/e/G-1").hasNot("Interpretative statement of United States")
	page := us.get("/g/0/e/G-1/act/certify") // the first person of a delegation has that power
	us.filled(page, "/g/0/e/G-1/act/certify", nil).has(http.StatusOK)
	x.one[0].View(func(p *plan.State) {
		if e := p.Element("G-1"); !p.CertifiedBy(e.Leading(), 0) || p.CertifiedBy(e.Leading(), 1) {
			t.Error("the certificate is not there, or is the other party's")
		}
	})
}

// TestSilenceInTwoWindows starts a silence in one window: it shows with its clock in the other, and
// is broken there; the first window is interrupted.
func TestSilenceInTwoWindows(t *testing.T) {
	us := newLined(t, "US", both("United States", "ארצות הברית"), "d.reyes", both("D. Reyes", "ד׳ רייס"))
	il := newLined(t, "IL", both("Israel", "ישראל"), "n.amar", both("N. Amar", "נ׳ עמר"))
	linkGrounds(us.ground, il.ground)
	groups := talksOn(t, us.ground, il.ground)
	us.run()
	il.run()
	for _, x := range [][2]*linedGround{{us, il}, {il, us}} {
		if err := x[0].SetAddress(t.Context(), chancery.Who{Admin: true}, x[1].Self(), x[1].door.Addr().String()); err != nil {
			t.Fatal(err)
		}
	}
	goal := act.Content{Kind: act.Goal, Title: both("Exchange of assessments", "חילופי הערכות"), Text: both("Within thirty days.", "בתוך שלושים יום.")}
	if _, err := groups[0].Admit(t.Context(), us.who, draft(act.Table{Element: "G-1", Content: goal})); err != nil {
		t.Fatal(err)
	}
	here, there := windows(t, us.ground, il.ground)
	open(t, there, il.site.URL+"/")
	untilSo(t, there, `document.body.innerText.includes("Exchange of assessments")`, 20*time.Second)
	open(t, there, il.site.URL+"/g/0/e/G-1/negotiate")
	asked[bool](t, there, `window.mark = true`)
	open(t, here, us.site.URL+"/g/0/e/G-1/negotiate")
	day := time.Now().AddDate(0, 0, 3).UTC().Format("2006-01-02T15:04")
	asked[bool](t, here, `(() => {
		document.getElementById("text-en").value = "`+middle+`"; document.getElementById("text-he").value = "`+middleHe+`";
		document.querySelector("[name=silence]").click(); document.getElementById("zone").value = "UTC"; document.getElementById("until").value = "`+day+`";
		document.getElementById("until").dispatchEvent(new Event("input", {bubbles: true})); return true; })()`)
	untilSo(t, here, `document.getElementById("until-said").textContent.includes("Jerusalem")`, 10*time.Second) // said as it is typed
	picture(t, here, "silence-asked")
	began := time.Now()
	asked[bool](t, here, `(() => { document.querySelector("button[name=do][value=send]").click(); return true; })()`)
	untilSo(t, there, `document.getElementById("main").textContent.includes("unless a party breaks silence")`, crossing+8*time.Second)
	if took := time.Since(began); took > crossing {
		t.Errorf("the silence took %v to the other window, more than %v", took, crossing)
	}
	if !asked[bool](t, there, `window.mark === true && document.querySelector(".silence").innerText.includes("Jerusalem")`) {
		t.Error("the window was loaded again, or shows no clock of the capital")
	}
	picture(t, there, "silence-runs")
	open(t, there, il.site.URL+"/g/0/e/G-1/act/object")
	untilSo(t, here, `location.pathname === "/g/0/e/G-1"`, 10*time.Second)
	began = time.Now()
	asked[bool](t, there, `(() => { document.getElementById("words-en").value = "The Board meets later."; document.querySelector("form[data-confirm-leave] button").click(); return true; })()`)
	untilSo(t, here, `[...document.querySelectorAll("[role=alert]")].some(e => e.textContent.includes("The Board meets later."))`, crossing+8*time.Second)
	if took := time.Since(began); took > crossing {
		t.Errorf("the break took %v to the other window, more than %v", took, crossing)
	}
	picture(t, here, "silence-broken")
}

// windows are two windows of one browser, each signed in at a server of its own.
func windows(t *testing.T, a, b *ground) (here, there context.Context) {
	here = window(t)
	there, cancel := chromedp.NewContext(here)
	t.Cleanup(cancel)
	a.signedIn().bring(here, "en", "light")
	open(t, there, "about:blank")
	b.signedIn().bring(there, "en", "light")
	return here, there
}

// open leads a window to a page.
func open(t *testing.T, ctx context.Context, address string) {
	t.Helper()
	list := []chromedp.Action[chromedp.Void]{chromedp.EmulateViewport(1440, 1000), chromedp.Navigate(address)}
	if address != "about:blank" {
		list = append(list, chromedp.WaitReady(".js"))
	}
	steps(t, ctx, list...)
}

// TestAPackageIsAcceptedAsAWhole makes one of two open texts: its page lists them, and accepting says
// before what it takes up.
func TestAPackageIsAcceptedAsAWhole(t *testing.T) {
	x := setTalks(t)
	x.say(x.one, 0, act.Table{Element: "G-2", Content: act.Content{Kind: act.Goal, Title: both("Meetings", "פגישות"), Text: both("Once a year.", "פעם בשנה.")}})
	us, il := x.us.signedIn(), x.il.signedIn()
	us.get("/g/0/negotiation").has(http.StatusOK, "Make a package")
	page := us.get("/g/0/packages/new")
	page.has(http.StatusOK, "Each party accepts the whole or none of it.", "G 1", "G 2", "Israel, revision 2")
	us.filled(page, "/g/0/packages/new", url.Values{"title.en": {"Timing"}, "title.he": {"עיתוי"}}).has(http.StatusUnprocessableEntity, "Choose the texts", `value="Timing"`)
	var first, second string
	x.one[0].View(func(p *plan.State) {
		first, second = p.Element("G-1").Position(1).ID.String(), p.Element("G-2").Position(0).ID.String()
	})
	us.filled(page, "/g/0/packages/new", url.Values{"title.en": {"Timing"}, "title.he": {"עיתוי"}, "element": {"G-1", "G-2"}, "text.G-1": {first}, "text.G-2": {second}}).
		has(http.StatusOK, "Proposed.", "stand or fall together", "K 1", "G 2")
	x.carryTalks()
	us.get("/g/0/e/G-2").has(http.StatusOK, "In package K 1")
	accept := il.get("/g/0/e/K-1/act/accept?of=US")
	accept.has(http.StatusOK, "takes up each of them that you do not hold yet", "will be accepted with it", "you hold it already")
	il.filled(accept, "/g/0/e/K-1/act/accept", nil).has(http.StatusOK)
	x.carryTalks()
	for _, ref := range []act.Ref{"G-1", "G-2", "K-1"} {
		if st := x.status(ref); st != plan.Agreed {
			t.Errorf("%s is %v", ref, st)
		}
	}
}

// TestTheRulesOfTheTalksAreOnTheGroupsPage convenes a group with a silence and the whole, and says
// when the capital does not work.
func TestTheRulesOfTheTalksAreOnTheGroupsPage(t *testing.T) {
	x := setTalks(t)
	us := x.us.signedIn()
	us.get("/groups/0").has(http.StatusOK, "At least 1 hour, for: ", "A text is agreed when every party has accepted the same words.", "No days of rest said")
	page := us.get("/groups/0/calendar")
	page.has(http.StatusOK, "No silence ends on such a day.", "Saturday")
	us.filled(page, "/groups/0/calendar", url.Values{"rest": {"saturday", "sunday"}, "days": {"Christmas"}}).has(http.StatusUnprocessableEntity, "does not begin with a date", "Christmas</textarea>")
	us.filled(page, "/groups/0/calendar", url.Values{"rest": {"saturday", "sunday"}, "days": {"2017-12-25 Christmas\n2018-01-01 New Year"}}).
		has(http.StatusOK, "Sent. The other parties see the calendar", "Sunday, Saturday", "Christmas")
	us.get("/groups/0/calendar").has(http.StatusOK, "2018-01-01 New Year</textarea>")
	editor := us.get("/g/0/e/G-1/negotiate")
	typed := url.Values{"text-en": {middle}, "text-he": {middleHe}, "silence": {"yes"}, "until": {"2017-12-25T18:00"}, "zone": {"America/New_York"}, "do": {"send"}}
	us.filled(editor, "/g/0/e/G-1/negotiate", typed).has(http.StatusUnprocessableEntity, "There is a problem", "United States: its capital does not work on that day", middle+"</textarea>")

	form := us.get("/groups/new")
	form.has(http.StatusOK, "Shortest silence, in hours", "Nothing is agreed until everything is agreed", "Languages in step")
	terms := url.Values{"language": {"en", "he"}, "group.en": {"Whole"}, "group.he": {"הכול"}, "ceiling": {"TLP:AMBER+STRICT"}, "party": {"IL"}, "silence": {"soon"}, "whole": {"yes"}, "in-step": {"yes"}}
	us.filled(form, "/groups/new", terms).has(http.StatusUnprocessableEntity, "Give whole hours", `name="whole" value="yes" checked`)
	terms.Set("silence", "72")
	terms["silence-kind"] = []string{"clause"}
	us.filled(form, "/groups/new", terms).has(http.StatusOK, "Nothing is agreed until everything is agreed: a text that every party accepts waits", "At least 3 days, for: Clause.", "No text is accepted while a language of it is behind.")
}
