package web_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"entente/act"
	"entente/text"
)

// setWatched is a table at which an agreement is watched: every verdict stands once, both parties have
// entered observations, and Israel has sent its verdicts.
func setWatched(t testing.TB) *table {
	x := setTable(t)
	for i, g := range x.one {
		if g.Powers([]*ground{x.us, x.il}[i].who) == 0 {
			t.Fatal("somebody has no powers")
		}
	}
	stage := func(en, he string, days uint32, beside, fixed bool) act.Stage {
		return act.Stage{Name: both(en, he), Days: days, Beside: beside, Fixed: fixed}
	}
	x.agree(x.one, "T-1", act.Content{Kind: act.Agreement, Title: both("Nuclear agreement of 2015", "הסכם הגרעין מ־2015"),
		Text: both("As published.", "כפי שפורסם."), Terms: &act.Terms{
			Bound:       []text.Texts{both("Iran", "איראן")},
			Conversions: []act.Conversion{{Amount: "300", Unit: "kg{UF6}", Equals: "202.8", In: "kg{U}"}},
			Procedure:   []act.Stage{stage("Joint Commission", "הוועדה המשותפת", 15, false, false), stage("Ministers", "שרים", 15, false, false), stage("Advisory Board", "ועדה מייעצת", 15, true, false), stage("Opinion", "חוות דעת", 5, false, true)},
		}})
	watch := func(ref act.Ref, en, he, place, quantity, unit, rule, near string, more func(*act.Watch)) {
		w := act.Watch{Paragraph: place, Owes: both("Iran", "איראן"), Quantity: quantity, Unit: unit, Rule: rule, Near: near, From: "2016-01-16", Every: 92, Fresh: 200}
		if more != nil {
			more(&w)
		}
		x.agree(x.one, ref, act.Content{Kind: act.Obligation, Parent: "T-1", Title: both(en, he), Text: both(en+" is limited.", he+" מוגבל."), Watch: &w})
	}
	watch("O-1", "Stock of heavy water", "מלאי מים כבדים", "Annex I 14", "heavy_water", "t", "heavy_water.latest() <= 130.0", "heavy_water.latest() >= 123.5", nil)
	watch("O-2", "Stock of enriched uranium", "מלאי אורניום מועשר", "Annex I 56", "uranium", "kg{U}", "uranium.latest() <= 202.8", "", nil)
	watch("O-3", "Level of enrichment", "רמת העשרה", "Annex I 28", "enrichment", "%", "enrichment.latest() <= 3.67", "", nil)
	watch("O-4", "Section T activities", "פעילויות סעיף T", "Annex I 82", "weapon_work", "1", "weapon_work.latest() == 0.0", "", func(w *act.Watch) { w.Sources, w.Grade = 2, act.Grade{Source: 'B', Info: 2} })
	watch("O-5", "Ratification", "אשרור", "Annex V 22", "ratified", "1", `ratified.by(1.0, date("2023-10-18"))`, "", nil)
	watch("O-6", "Centrifuges at Natanz", "צנטריפוגות בנתנז", "Annex I 27", "natanz", "{centrifuge}", "natanz.latest() <= 5060.0", "", nil)
	watch("O-7", "Water for each person", "מים לכל אדם", "Annex II 3", "water", "L", "water.latest() >= 15.0", "water.latest() <= 16.0", nil)
	watch("O-8", "Declared sites", "אתרים מוצהרים", "Annex II 4", "sites", "1", "sites.latest() >= 10.0", "", nil)
	x.say(x.one, 0, act.Table{Element: "O-9", Content: act.Content{Kind: act.Obligation, Parent: "T-1", Title: both("Ore concentrate", "תרכיז עפרה"), Text: both("It is reported.", "מדווחים עליו."),
		Watch: &act.Watch{Quantity: "ore", Unit: "t", Rule: "ore.latest() <= 100.0"}}})
	x.observe(0, "heavy_water", "t", "2016-02-17 130.9 2016-05-09 116.7 2016-08-20 <=130 2016-11-08 130.1 2016-12-06 128 2017-05-16 128.2 2017-08-21 111 2017-11-05 114.4")
	x.observe(1, "heavy_water", "t", "2017-11-05 114.4")
	x.observe(0, "uranium", "kg{U}", "2017-02-18 101.7 2017-05-27 79.8 2017-08-21 88.4 2017-11-05 96.7")
	x.observe(0, "enrichment", "%", "2017-02-18 <=3.67 2017-05-27 <=3.67 2017-08-21 <=3.67 2017-11-05 <=3.67")
	x.observe(0, "natanz", "{centrifuge}", "2017-05-27 5060 2017-08-21 5060 2017-11-05 5104")
	x.observe(0, "water", "L", "2017-05-27 19 2017-08-21 17 2017-11-05 15.5")
	x.observe(0, "sites", "1", "2017-11-05 12")
	x.observe(1, "sites", "1", "2017-11-05 8")
	x.say(x.one, 0, act.Report{Element: "T-1", Sources: []act.Citation{{Title: "Press"}}, Readings: []act.Reading{{Quantity: "weapon_work", Unit: "1", Value: "0", AsOf: "2017-11-13", Grade: act.Grade{Source: 'C', Info: 3}}}})
	x.say(x.one, 1, act.Attest{Element: "T-1", On: "2017-12-01"})
	return x
}

// observe enters readings, as days and values in turn, in one batch.
func (x *table) observe(who int, quantity, unit, list string) {
	x.t.Helper()
	b := act.Report{Element: "T-1", Sources: []act.Citation{{Title: "Quarterly report", Document: "GOV/2017/48", Place: "¶ 12", Address: "https://www.iaea.org/"}}}
	words := strings.Fields(list)
	for i := 0; i+1 < len(words); i += 2 {
		r := act.Reading{Quantity: quantity, Unit: unit, AsOf: act.Date(words[i]), Reported: act.Date(words[i]), Grade: act.Grade{Source: 'B', Info: 2}}
		r.Value = strings.TrimLeft(words[i+1], "<>=")
		r.Sign, _ = act.ParseSign(words[i+1][:len(words[i+1])-len(r.Value)])
		b.Readings = append(b.Readings, r)
	}
	x.say(x.one, who, b)
}

// monitorPages are the pages of what is watched.
var monitorPages = []string{"/monitor", "/g/1/monitor", "/g/1/monitor?view=list", "/g/1/monitor?view=calendar", "/g/1/monitor?verdict=cannot-tell", "/g/1/monitor?on=2016-12-01&by=reported",
	"/g/1/agreement/T-1", "/g/1/agreement/new", "/g/1/agreement/T-1/counter", "/g/1/agreement/T-1/attest", "/g/1/monitor/import", "/g/0/monitor", "/g/1/e/O-1", "/"}

func TestTheMonitorSaysHowItStands(t *testing.T) {
	x := setWatched(t)
	us := x.us.signedIn()
	all := us.get("/monitor")
	all.has(http.StatusOK, "8 obligations: 3 within limit, 1 near limit, 1 exceeded, 1 cannot tell, 1 disputed, 1 not yet due.", "Nuclear agreement of 2015", "binds Iran", "<b><bdi>114.4</bdi></b>", "of 130 t",
		"Hatched is beyond the limit", `href="/g/1/monitor/O-1"`, "The same 8 verdicts on the server of IL.", "proposed", "next report expected")
	us.get("/g/1/monitor?verdict=exceeded").has(http.StatusOK, "Centrifuges at Natanz", "5104")
	us.get("/g/1/monitor?verdict=exceeded").hasNot("Section T activities")
	us.get("/g/1/monitor?view=list").has(http.StatusOK, "Annex I 14", `title="Source: usually reliable. Information: probably true."`)
	us.get("/g/1/monitor?view=calendar").has(http.StatusOK, "February 2018", "every 92 days")
	us.get("/g/1/monitor?view=nonsense&verdict=none&from=-4&on=yesterday&by=all").has(http.StatusOK, "Small multiples")
	us.get("/g/1/monitor?on=2016-11-10&by=reported").has(http.StatusOK, "As it could be known on 10 Nov 2016", "1 exceeded")
	us.get("/g/1/monitor?on=2016-11-10&by=entered").has(http.StatusOK, "As the group knew it on 10 Nov 2016", "7 cannot tell")
	us.get("/g/0/monitor").has(http.StatusOK, "Nothing is watched here yet", "/g/0/agreement/new")
	var twin struct {
		Groups []struct {
			Boards []struct {
				Total, Chosen int
				Cards         []struct{ Verdict string }
			}
		}
	}
	if err := json.Unmarshal([]byte(us.get("/monitor.json").body), &twin); err != nil || len(twin.Groups) != 1 || twin.Groups[0].Boards[0].Total != 9 || twin.Groups[0].Boards[0].Cards[0].Verdict != "within" {
		t.Errorf("the twin says %+v, %v", twin, err)
	}
	if x.us.guest("nobody").get("/g/1/monitor").status != http.StatusNotFound {
		t.Error("somebody who sits nowhere sees it")
	}
}

// TestTheMonitorSpeaksHebrew looks for sentences of the finding that stay in English.
func TestTheMonitorSpeaksHebrew(t *testing.T) {
	x := setWatched(t)
	us := x.us.signedIn()
	us.post("/preferences", url.Values{"language": {"he"}, "return": {"/monitor"}})
	us.get("/g/1/monitor").has(http.StatusOK, "8 התחייבויות: 3 בתוך התחום", "מלאי מים כבדים", "מתוך ⁦130⁩ טון", "אותן 8 קביעות בשרת של")
	us.get("/g/1/monitor?view=list").hasNot("The ", "One source", " of ")
	us.get("/g/1/agreement/T-1").has(http.StatusOK, "הוועדה המשותפת", "לצד השלב שלפניו")
}

func TestAnAgreementIsWrittenAndChanged(t *testing.T) {
	x := setTable(t)
	us := x.us.signedIn()
	us.get("/g/1/agreement/new").has(http.StatusOK, "Write an agreement", "Stage 3")
	form := url.Values{"kind": {"agreement"}, "title.en": {"Nuclear agreement of 2015"}, "title.he": {"הסכם הגרעין מ־2015"}, "bound.en": {"Iran\nChina"}, "bound.he": {"איראן"},
		"conversions": {"300 kg{UF6} is 202.8"}, "stages": {"3"}, "stage-1-name.en": {"Commission"}, "stage-1-name.he": {"ועדה"}, "stage-1-days": {"many"}, "stage-2-days": {"15"}}
	us.post("/g/1/agreement/new", form).has(http.StatusUnprocessableEntity, "Write as many lines here", "is no conversion", "Write a whole number of days", "Name the stage", `value="Commission"`)
	form.Set("bound.he", "איראן\nסין")
	form.Set("conversions", "300 kg{UF6} = 202.8 kg{U}")
	form.Set("stage-1-days", "15")
	form.Set("stage-2-days", "")
	more := us.post("/g/1/agreement/new", with(form, "do", "stages"))
	more.has(http.StatusOK, "Stage 6", `value="Commission"`)
	us.post("/g/1/agreement/new", form).has(http.StatusOK, "Sent. The others see it", "Iran", "China", "300 kg UF6 = 202.8 kg U", "Commission", "15 days", "No obligation is written yet")
	x.carry()
	counter := us.get("/g/1/agreement/T-1/counter")
	counter.has(http.StatusOK, "Change the agreement", "300 kg{UF6} = 202.8 kg{U}", "Iran\nChina")
	form.Set("title.en", "Agreement of 2015")
	form.Set("basis", "old")
	us.post("/g/1/agreement/T-1/counter", form).has(http.StatusConflict, "Nothing was sent; what you wrote is kept")
	form.Set("basis", counter.hidden("basis"))
	us.post("/g/1/agreement/T-1/counter", form).has(http.StatusOK, "Agreement of 2015")
	us.get("/g/1/agreement/T-9").has(http.StatusNotFound)
	us.get("/g/1/agreement/A-1/counter").has(http.StatusNotFound)
	if to := us.post("/g/1/agreement/new", with(form, "kind", "programme")).path; !strings.HasPrefix(to, "/g/1/programme/F-1") {
		t.Errorf("a programme that was written leads to %s", to)
	}
}

func TestVerdictsAreSent(t *testing.T) {
	x := setWatched(t)
	us := x.us.signedIn()
	page := us.get("/g/1/agreement/T-1/attest")
	page.has(http.StatusOK, "These are the verdicts of 1 Dec 2017", "8 verdicts", "Stock of heavy water")
	us.post("/g/1/agreement/T-1/attest", url.Values{"on": {"2017-12-01"}, "digest": {strings.Repeat("0", 64)}}).has(http.StatusConflict, "The verdicts have changed since you looked")
	us.post("/g/1/agreement/T-1/attest", url.Values{"on": {page.hidden("on")}, "digest": {page.hidden("digest")}}).has(http.StatusOK, "Your verdicts have been sent.")
	x.carry()
	x.il.signedIn().get("/g/1/monitor").has(http.StatusOK, "The same 8 verdicts on the server of US.")
	us.get("/g/1/agreement/T-1").has(http.StatusOK, "What the parties’ servers found")
	us.get("/g/1/agreement/T-7/attest").has(http.StatusNotFound)
}

func TestObservationsAreExported(t *testing.T) {
	x := setWatched(t)
	x.say(x.one, 0, act.Report{Element: "T-1", Sources: []act.Citation{{Title: "=HYPERLINK(\"https://example.org\")"}}, Readings: []act.Reading{{Quantity: "heavy_water", Unit: "t", Value: "-1", AsOf: "2017-11-20"}}})
	us := x.us.signedIn()
	file := us.get("/g/1/agreement/T-1/readings.csv")
	file.has(http.StatusOK, "quantity,sign,value,unit,as of", "heavy_water,,130.9,t,2016-02-17", "TLP:AMBER+STRICT", `'=HYPERLINK`, ",-1,t,")
	if got := file.header.Get("Content-Disposition"); !strings.Contains(got, "observations-1-T-1.csv") {
		t.Errorf("the file is called %s", got)
	}
	if n := strings.Count(file.body, "\r\n"); n != 28 {
		t.Errorf("%d lines", n)
	}
	id := file.body[strings.LastIndex(strings.TrimSpace(file.body), ",")+1:]
	batch, _ := act.ParseReadingID(strings.TrimSpace(id))
	x.say(x.one, 0, act.Report{Element: "T-1", TakesBack: []act.Hash{batch.Batch}})
	us.get("/g/1/agreement/T-1/readings.csv").has(http.StatusOK, "taken back")
	us.get("/g/1/agreement/O-1/readings.csv").has(http.StatusNotFound)
}

// TestManyObligationsStandOnPages has more than a page shows.
func TestManyObligationsStandOnPages(t *testing.T) {
	x := setTable(t)
	x.agree(x.one, "T-1", act.Content{Kind: act.Agreement, Title: both("Many", "רבות"), Text: both("Many.", "רבות.")})
	var tables, accepts []act.Body
	for i := range 60 {
		ref := act.Ref(fmt.Sprintf("O-%d", i+1))
		tables = append(tables, act.Table{Element: ref, Content: act.Content{Kind: act.Obligation, Parent: "T-1", Title: both(fmt.Sprintf("Stock %d", i+1), fmt.Sprintf("מלאי %d", i+1)), Text: both("Limited.", "מוגבל."),
			Watch: &act.Watch{Quantity: "stock", Unit: "t", Rule: "stock.latest() <= 130.0"}}})
	}
	for i, r := range x.say(x.one, 0, tables...) {
		accepts = append(accepts, act.Accept{Element: act.Ref(fmt.Sprintf("O-%d", i+1)), Revision: r.ID})
	}
	x.say(x.one, 1, accepts...)
	us := x.us.signedIn()
	us.get("/g/1/monitor").has(http.StatusOK, "60 obligations: 60 cannot tell", "Stock 48", "1 to 48 of 60", "from=48")
	us.get("/g/1/monitor").hasNot("Stock 49")
	us.get("/g/1/monitor?from=48").has(http.StatusOK, "Stock 49", "Stock 60", "49 to 60 of 60")
	us.get("/monitor").has(http.StatusOK, "Open all 60 obligations")
	us.get("/g/1/monitor?from=900").has(http.StatusOK)
}

// TestPagesOfTheMonitorInABrowser puts the pages of what is watched before axe-core.
func TestPagesOfTheMonitorInABrowser(t *testing.T) {
	x := setWatched(t)
	us := x.us.signedIn()
	ctx := window(t)
	looking{as: "monitor", phone: 360, ready: ".js", half: true}.at(t, ctx, us, monitorPages...)
	for _, page := range monitorPages {
		us.bring(ctx, "he", "light")
		steps(t, ctx, chromedp.EmulateViewport(320, 900), chromedp.Navigate(us.site+page), chromedp.WaitReady("#main"))
		if over := asked[string](t, ctx, sideways); over != "" {
			t.Errorf("%s scrolls sideways by %s", page, over)
		}
	}
}

// TestAFileIsImportedInABrowser goes through the steps of an import, puts each before axe-core, and
// prints the monitor.
func TestAFileIsImportedInABrowser(t *testing.T) {
	x := setWatched(t)
	us := x.us.signedIn()
	ctx := window(t)
	axe, err := os.ReadFile("testdata/axe/axe.min.js")
	if err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(t.TempDir(), "2018.csv")
	if err := os.WriteFile(file, []byte(someReadings), 0o600); err != nil {
		t.Fatal(err)
	}
	for _, look := range []struct {
		lang, theme string
		wide        int64
	}{{"en", "light", 1440}, {"he", "dark", 360}} {
		us.bring(ctx, look.lang, look.theme)
		at := func(name, ready string) {
			untilSo(t, ctx, `document.readyState === "complete" && !!document.querySelector('`+ready+`')`, 20*time.Second)
			judge(t, ctx, string(axe), "import "+name+" "+look.lang)
			picture(t, ctx, "import-"+name+"-"+look.lang)
		}
		steps(t, ctx, chromedp.EmulateViewport(look.wide, 1000), chromedp.Navigate(us.site+"/g/1/monitor/import?element=T-1"), chromedp.WaitReady("#file"),
			chromedp.SetUploadFiles("#file", []string{file}), chromedp.Click("main form .btn.primary"))
		at("mapping", "#field-0")
		steps(t, ctx, chromedp.SetValue("#decimal", ","), chromedp.Click(`button[value="preview"]`))
		at("preview", `button[value="leave-out"]`)
		steps(t, ctx, chromedp.Click(`button[value="leave-out"]`))
		at("done", `form[action^="/g/1/imports/"]`)
		steps(t, ctx, chromedp.Click(`form[action^="/g/1/imports/"] button`))
		untilSo(t, ctx, `document.readyState === "complete" && !document.querySelector('main form[action^="/g/1/imports/"]')`, 20*time.Second)
	}
	us.bring(ctx, "en", "dark")
	steps(t, ctx, chromedp.EmulateViewport(1440, 1000), chromedp.Navigate(us.site+"/g/1/monitor"), chromedp.WaitReady("#monitor"))
	_, _ = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	steps(t, ctx, chromedp.EmulateViewport(740, 1000))
	picture(t, ctx, "monitor-print")
	if asked[bool](t, ctx, `[...document.querySelectorAll("main form, .seg, .btn")].some(e => e.getClientRects().length)`) {
		t.Error("something to press is printed")
	}
	if n := asked[int](t, ctx, `document.querySelectorAll(".spark").length`); n < 4 {
		t.Errorf("%d pictures are printed", n)
	}
}

// with is a form with one value changed.
func with(f url.Values, name, value string) url.Values {
	out := url.Values{}
	for k, v := range f {
		out[k] = v
	}
	out.Set(name, value)
	return out
}

// TestTodaySaysWhatIsWatched has on Today what is exceeded, what turned, a dispute and an overdue report.
func TestTodaySaysWhatIsWatched(t *testing.T) {
	x := setWatched(t)
	us := x.us.signedIn()
	us.get("/").has(http.StatusOK, "What is watched", "Centrifuges at Natanz", "44 centrifuge above the limit", `href="/g/1/monitor/O-6"`, "It was: Cannot tell.", "A report was expected by 17 Apr 2016")
	x.say(x.one, 1, act.Dispute{Element: "O-6", Step: act.DisputeStarts, On: "2017-12-01", Text: both("More than agreed.", "יותר מן המוסכם.")})
	us.get("/").has(http.StatusOK, "A dispute runs.", "Joint Commission", "15 days left", "Joint Commission ends, dispute on O 6")
	us.get("/g/1/monitor").has(http.StatusOK, "Joint Commission: 15 days left, until 16 Dec 2017.")
	x.now = x.now.AddDate(0, 2, 0)
	x.us.signedIn().get("/").has(http.StatusOK, "Report expected, O 1", "Feb")
}

// TestTheTextOfWhatIsWatchedLeadsToTheMonitor looks at the ordinary pages of an agreement's texts.
func TestTheTextOfWhatIsWatchedLeadsToTheMonitor(t *testing.T) {
	x := setWatched(t)
	us := x.us.signedIn()
	us.get("/g/1/e/O-1").has(http.StatusOK, `<a href="/g/1/monitor/O-1">How it stands</a>`, `<a href="/g/1/monitor"><bdi>Monitor</bdi></a>`, "heavy_water.latest() &lt;= 130.0", "Annex I 14")
	us.get("/g/1/e/T-1").has(http.StatusOK, `href="/g/1/agreement/T-1"`)
	x.il.signedIn().get("/g/1/e/O-9/act/accept?of=US").has(http.StatusOK, "ore.latest() &lt;= 100.0")
	for _, page := range []string{"/g/1/e/T-1?tab=history", "/g/1/e/O-9/negotiate", "/g/1/changes?from=start", "/g/1/plan", "/g/1/doc", "/board", "/g/1/search?q=heavy", "/search?q=heavy"} {
		if p := us.get(page); p.status >= http.StatusInternalServerError {
			t.Errorf("%s: %d", page, p.status)
		}
	}
}
