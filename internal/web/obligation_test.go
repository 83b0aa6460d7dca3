package web_test

import (
	"encoding/json"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"entente/act"
)

// setObligations is the table of the monitor, with what its other pages need: an observation that was
// corrected, a dispute that runs and has been extended, joint verdicts, and a programme that is followed.
func setObligations(t testing.TB) *table {
	x := setWatched(t)
	x.us.withMargin()
	wrong := x.say(x.one, 0, act.Report{Element: "T-1", Sources: []act.Citation{{Title: "Quarterly report"}}, Readings: []act.Reading{{Quantity: "heavy_water", Unit: "t", Value: "199", AsOf: "2017-03-01", Grade: act.Grade{Source: 'B', Info: 2}}}})
	x.say(x.one, 0, act.Report{Element: "T-1", Sources: []act.Citation{{Title: "Quarterly report, corrected", Quote: "the stock was 119.9 tonnes"}}, Readings: []act.Reading{{Quantity: "heavy_water", Unit: "t", Value: "119.9", AsOf: "2017-03-01",
		Grade: act.Grade{Source: 'B', Info: 2}, Note: "A digit was read wrongly.", Replaces: &act.ReadingID{Batch: wrong[0].ID}}}})
	start := x.say(x.one, 0, act.Dispute{Element: "O-6", Step: act.DisputeStarts, On: "2017-11-25", Text: both("More centrifuges stand there than were agreed.", "עומדות שם יותר צנטריפוגות משהוסכם.")})
	x.say(x.one, 1, act.Dispute{Element: "O-6", Step: act.DisputeReply, Of: start[0].ID, On: "2017-11-27", Text: both("We read it so too.", "גם אנו קוראים זאת כך.")})
	x.agree(x.one, "X-1", act.Content{Kind: act.Extension, Parent: "O-6", Title: both("Joint Commission", "הוועדה המשותפת"), Text: both("Ten days more.", "עשרה ימים נוספים."), Extends: &act.Extends{Dispute: start[0].ID, Stage: 1, Days: 10}})
	x.agree(x.one, "V-1", act.Content{Kind: act.Assessment, Parent: "O-1", Title: both("Heavy water is within its limit", "המים הכבדים בתוך המגבלה"), Text: both("On the readings of November.", "לפי מדידות נובמבר."),
		Judgement: &act.Judgement{Verdict: act.Within, Likelihood: act.VeryLikely, Confidence: act.ModerateConfidence, AsOf: "2017-11-30"}})
	x.say(x.one, 1, act.Remark{Element: "V-1", Sort: act.Reservation, Text: both("Israel dissents.", "ישראל חולקת.")})
	x.programme()
	return x
}

// programme is something outside the agreement that both sides follow.
func (x *table) programme() {
	x.agree(x.one, "F-1", act.Content{Kind: act.Programme, Title: both("Precision project", "פרויקט הדיוק"), Text: both("What is seen of it.", "מה שנראה ממנו.")})
	x.agree(x.one, "L-1", act.Content{Kind: act.Milestone, Parent: "F-1", Title: both("A line of production stands", "קו ייצור עומד"), Text: both("Seen at a site.", "נראה באתר."),
		Watch: &act.Watch{Quantity: "line_seen", Unit: "1", Rule: `line_seen.latest() == 0.0`}})
	x.agree(x.one, "H-1", act.Content{Kind: act.Hypothesis, Parent: "F-1", Title: both("Production on the spot", "ייצור במקום"), Text: both("Kits are made there.", "ערכות נעשות שם.")})
	x.agree(x.one, "H-2", act.Content{Kind: act.Hypothesis, Parent: "F-1", Title: both("Shipment from outside", "משלוח מבחוץ"), Text: both("Kits are brought in.", "ערכות מובאות.")})
	x.say(x.one, 1, act.Report{Element: "F-1", Sources: []act.Citation{{Title: "Overhead image", Place: "frame 7"}}, Readings: []act.Reading{{Quantity: "line_seen", Unit: "1", Value: "1", AsOf: "2017-11-20",
		Grade: act.Grade{Source: 'C', Info: 3}, Bears: []act.Bearing{{Hypothesis: "H-1", Weight: 1}, {Hypothesis: "H-2", Weight: -2}}}}})
}

// obligationPages are the pages of single obligations, of programmes, and their forms.
var obligationPages = []string{"/g/1/monitor/O-1", "/g/1/monitor/O-1?view=table&gone=shown", "/g/1/monitor/O-1?on=2016-11-10&by=reported", "/g/1/monitor/O-4", "/g/1/monitor/O-5", "/g/1/monitor/O-6", "/g/1/monitor/O-8",
	"/g/1/monitor/O-9", "/g/1/monitor/L-1", "/g/1/programme/F-1", "/g/1/monitor/O-1/observe", "/g/1/monitor/F-1/observe", "/g/1/agreement/T-1/obligation", "/g/1/monitor/O-1/counter?form=between",
	"/g/1/monitor/O-1/dispute", "/g/1/monitor/O-6/dispute?step=extend", "/g/1/monitor/O-1/assess", "/g/1/programme/F-1/hypothesis", "/g/1/programmes/new", "/g/1/programme/F-1/milestone"}

// TestAnObligationSaysHowItStands reads the page of each sort of verdict.
func TestAnObligationSaysHowItStands(t *testing.T) {
	x := setObligations(t)
	us := x.us.signedIn()
	page := us.get("/g/1/monitor/O-1")
	page.has(http.StatusOK, "Stock of heavy water", "Within limit", "114.4 t", "limit 130 t", "Annex I 14", "heavy_water.latest() &lt;= 130.0", "Add observation", "Dispute…", "Grading explained",
		"Computed here", "entry ", "Exceeded on 17 Feb 2016, back within by 9 May 2016.", "Joint Commission", "15 days", "Dissent", "Very likely, 80 to 95 %", "Confidence: moderate.", "US only", "What would change it", `role="img"`)
	page.hasNot(">199<", "style=")
	us.get("/g/1/monitor/O-1?view=table&gone=shown").has(http.StatusOK, "<td class=\"r num\"><bdi>199</bdi></td>", "Replaced", "A digit was read wrongly.", "130.1")
	us.get("/g/1/monitor/O-1?on=2016-11-10&by=reported").has(http.StatusOK, "Exceeded", "As it could be known on 10 Nov 2016")
	us.get("/g/1/monitor/O-4").has(http.StatusOK, "Cannot tell", "C3", "What would change it")
	us.post("/g/1/e/O-1/margin", url.Values{"field": {"note"}, "words": {"Ask the desk."}, "from": {"monitor"}}).has(http.StatusOK, "Ask the desk.", "Grading explained")
	us.get("/g/1/monitor/O-5").has(http.StatusOK, "Not yet due", "Nothing has been observed yet.")
	us.get("/g/1/monitor/O-6").has(http.StatusOK, "Disputed", "By the readings alone:", "Exceeded", "days left", "Jerusalem", "Washington", "replied, 27 Nov 2017", "10 more days for stage 1", "to 20 Dec 2017. 10 days more were agreed.", "More centrifuges stand there", "Close…")
	us.get("/g/1/monitor/O-8").has(http.StatusOK, "The parties read it differently", "Disputed")
	us.get("/g/1/monitor/O-9").has(http.StatusOK, "Ore concentrate")
	us.get("/g/1/monitor/L-1").hasNot("If it is exceeded", "Dispute…")
	us.get("/g/1/programme/F-1").has(http.StatusOK, "Precision project", "Production on the spot", "Rules it out", "Overhead image", "A line of production stands")
	for _, gone := range []string{"/g/1/monitor/O-77", "/g/1/monitor/T-1", "/g/1/programme/T-1", "/g/1/monitor/O-1/takeback?batch=00", "/g/1/monitor/O-1/observe?replaces=x", "/g/1/agreement/O-1/obligation", "/g/1/monitor/T-1/assess"} {
		us.get(gone).has(http.StatusNotFound)
	}
	for _, path := range obligationPages {
		us.get(path).has(http.StatusOK, "</html>")
	}
	for element, at := range map[string]string{"O-1": "monitor/O-1", "T-1": "agreement/T-1", "F-1": "programme/F-1", "V-1": "monitor/O-1", "X-1": "monitor/O-6", "H-1": "programme/F-1", "L-1": "monitor/L-1"} {
		us.get("/g/1/e/"+element).has(http.StatusOK, `href="/g/1/`+at+`"`)
	}
	if x.us.guest("nobody").get("/g/1/monitor/O-1").status != http.StatusNotFound {
		t.Error("somebody who sits nowhere sees it")
	}
	var twin struct {
		Verdict, Rule string
		Points        []struct{ Value string }
	}
	if err := json.Unmarshal([]byte(us.get("/g/1/monitor/O-1.json").body), &twin); err != nil || twin.Verdict != "within" || len(twin.Points) != 9 {
		t.Errorf("the twin says %+v, %v", twin, err)
	}
}

// TestAnObservationIsEnteredCorrectedAndTakenBack goes through the forms of one observation.
func TestAnObservationIsEnteredCorrectedAndTakenBack(t *testing.T) {
	x := setObligations(t)
	us, at := x.us.signedIn(), "/g/1/monitor/O-1"
	form := us.get(at + "/observe")
	form.has(http.StatusOK, "What was read", "Source", "Information", "A – completely reliable", "Share with the group", "US only, in the national margin")
	us.filled(form, at+"/observe", url.Values{"value": {"12,5"}, "unit": {"a t"}, "asof": {"soon"}, "grade-source": {"B"}, "address": {"javascript:alert(1)"}}).has(http.StatusUnprocessableEntity,
		"There is a problem", `href="#value"`, `href="#unit"`, `href="#asof"`, `href="#title"`, `href="#grade-info"`, `href="#address"`, `value="12,5"`)
	typed := url.Values{"value": {"131.5"}, "unit": {"t"}, "sign": {"="}, "asof": {"2017-11-28"}, "reported": {"2017-11-29"}, "title": {"Agency letter"}, "document": {"GOV/INF/2017/9"}, "place": {"¶ 3"},
		"address": {"https://agency.example/9"}, "quote": {"reached 131.5 tonnes"}, "grade-source": {"A"}, "grade-info": {"2"}, "note": {"By letter."}, "where": {"shared"}}
	us.filled(form, at+"/observe", typed).has(http.StatusOK, "The observation is sent", "131.5", "Exceeded", "Agency letter", `href="https://agency.example/9"`, "A2", "reached 131.5 tonnes")
	x.carry()
	x.il.signedIn().get(at).has(http.StatusOK, "131.5", "Exceeded")
	links := regexp.MustCompile(`href="(/g/1/monitor/O-1/observe\?replaces=[^"]+)"`).FindAllStringSubmatch(us.get(at).body, -1)
	if len(links) == 0 {
		t.Fatal("nothing can be corrected")
	}
	correct := us.get(links[0][1])
	correct.has(http.StatusOK, "Correct an observation", `value="131.5"`, "Agency letter")
	typed.Set("value", "121.5")
	us.filled(correct, at+"/observe", typed).has(http.StatusOK, "121.5", "Within limit")
	back := regexp.MustCompile(`href="(/g/1/monitor/O-1/takeback\?batch=[^"]+)"`).FindStringSubmatch(us.get(at).body)
	page := us.get(back[1])
	page.has(http.StatusOK, "What was entered together is taken back together: one observation.", "121.5")
	us.filled(page, at+"/takeback", url.Values{"words.en": {"A letter of another plant."}}).has(http.StatusOK, "The observations are taken back", "131.5")
}

// TestAnObservationOfTheMarginStaysHere keeps one for the own delegation: it is computed with here, and
// the other side never sees it.
func TestAnObservationOfTheMarginStaysHere(t *testing.T) {
	x := setObligations(t)
	us, at := x.us.signedIn(), "/g/1/monitor/O-1"
	typed := url.Values{"value": {"133.7"}, "unit": {"t"}, "sign": {"="}, "asof": {"2017-11-28"}, "title": {"Own station"}, "grade-source": {"A"}, "grade-info": {"1"}, "where": {"kept"}}
	us.filled(us.get(at+"/observe"), at+"/observe", typed).has(http.StatusOK, "kept in the national margin", "133.7", "Own station", "US only", "Exceeded")
	x.carry()
	x.il.signedIn().get(at).hasNot("133.7", "Own station")
	us.get(at).has(http.StatusOK, "One reading here is US only", "US only · with national margin", "Observations kept here")
	us.get(at+"?margin=out").has(http.StatusOK, "Within limit", "Shown as all parties have it")
	us.get(at + "?margin=out").hasNot("US only · with national margin")
	end := regexp.MustCompile(`name="number" value="(\d+)"`).FindStringSubmatch(us.get(at).body)
	us.post("/g/1/e/O-1/margin", url.Values{"number": {end[1]}, "do": {"end"}}).has(http.StatusOK)
	us.get(at).hasNot("133.7")
}

// TestADisputeRunsByItsForms starts a dispute, answers it, proposes more days and closes it.
func TestADisputeRunsByItsForms(t *testing.T) {
	x := setObligations(t)
	us, il, at := x.us.signedIn(), x.il.signedIn(), "/g/1/monitor/O-2"
	form := us.get(at + "/dispute")
	form.has(http.StatusOK, "Start a dispute", "Joint Commission", "would end", "Start the dispute on O 2")
	us.filled(form, at+"/dispute", url.Values{"on": {"2017-12-33"}}).has(http.StatusUnprocessableEntity, `href="#on"`, `href="#words.en"`)
	us.filled(form, at+"/dispute", url.Values{"on": {"2018-12-10"}, "words.en": {"Counted wrongly."}}).has(http.StatusUnprocessableEntity, `href="#on"`, "is a day to come")
	us.get(at+"/dispute?step=reply").has(http.StatusUnprocessableEntity, "No dispute runs here now")
	us.filled(form, at+"/dispute", url.Values{"on": {"2017-11-28"}, "by.en": {"The Commission’s coordinator"}, "words.en": {"The stock is counted wrongly."}}).has(http.StatusOK, "The dispute is started", "Disputed", "days left", "coordinator")
	x.carry()
	reply := il.get(at + "/dispute?step=reply")
	il.filled(reply, at+"/dispute", url.Values{"on": {"2017-11-29"}, "words.en": {"It is counted as agreed."}}).has(http.StatusOK, "The reply is sent", "It is counted as agreed.")
	extend := us.get(at + "/dispute?step=extend")
	extend.has(http.StatusOK, "by consensus only", "Ministers")
	extend.hasNot(`value="4"`)
	us.filled(extend, at+"/dispute", url.Values{"stage": {"4"}, "days": {"none"}}).has(http.StatusUnprocessableEntity, `href="#stage"`, `href="#days"`)
	us.filled(extend, at+"/dispute", url.Values{"stage": {"1"}, "days": {"7"}, "words.en": {"Holidays."}, "words.he": {"חגים."}}).has(http.StatusOK, "/e/X-", "Joint Commission")
	x.carry()
	closing := us.get(at + "/dispute?step=close")
	us.filled(closing, at+"/dispute", url.Values{"on": {"2017-12-01"}, "words.en": {"Settled."}}).has(http.StatusOK, "The dispute is closed", "Within limit", "clock not running")
	il.get("/g/1/monitor/L-1/dispute").has(http.StatusNotFound)
}

// TestARuleIsTriedAndSent writes an obligation by a plain form and in CEL.
func TestARuleIsTriedAndSent(t *testing.T) {
	x := setObligations(t)
	us, at := x.us.signedIn(), "/g/1/agreement/T-1/obligation"
	form := us.get(at)
	form.has(http.StatusOK, "Propose an obligation", "Stays at or below a limit", "Try it on past data", "heavy_water")
	typed := url.Values{"title-en": {"Heavy water, lower"}, "title-he": {"מים כבדים, נמוך יותר"}, "text-en": {"At most 120."}, "text-he": {"לכל היותר 120."}, "paragraph": {"Annex I 14 bis"},
		"quantity": {"heavy_water"}, "unit": {"t"}, "kind": {"at-most"}, "value": {"120"}, "near": {"115"}, "sources": {"1"}, "do": {"try"}}
	us.filled(form, at, typed).has(http.StatusOK, "On past data", "heavy_water.latest() &lt;= 120.0", "Not kept", "9 readings.", "Nothing was sent.", "limit 120 t", `value="120"`)
	typed.Set("kind", "between")
	typed.Set("do", "form")
	us.filled(form, at, typed).has(http.StatusOK, "Upper value", `value="120"`)
	typed.Set("kind", "cel")
	typed.Set("rule", "heavy_water.latest() <= ")
	typed.Set("do", "try")
	us.filled(form, at, typed).has(http.StatusUnprocessableEntity, "There is a problem", `href="#kind"`)
	typed.Set("rule", "heavy_water.max(90) <= 131.0")
	typed.Set("nearrule", "")
	us.filled(form, at, typed).has(http.StatusOK, "On past data", "heavy_water.max(90) &lt;= 131.0")
	typed.Set("every", "often")
	typed.Set("do", "send")
	us.filled(form, at, typed).has(http.StatusUnprocessableEntity, `href="#every"`)
	typed.Set("every", "90")
	us.filled(form, at, typed).has(http.StatusOK, "/e/O-1.1", "Heavy water, lower")
	x.carry()
	x.il.signedIn().get("/g/1/monitor/O-1.1").has(http.StatusOK, "heavy_water.max(90)", "stays at or below")
	counter := us.get("/g/1/monitor/O-1/counter")
	counter.has(http.StatusOK, `value="130"`, `value="123.5"`, `value="Annex I 14"`)
	us.post("/g/1/monitor/O-1/counter", url.Values{"basis": {"old"}, "quantity": {"heavy_water"}, "unit": {"t"}, "kind": {"at-most"}, "value": {"126"}, "do": {"send"}}).has(http.StatusConflict, "moved", `value="126"`)
	us.filled(counter, "/g/1/monitor/O-1/counter", url.Values{"title-en": {"Stock of heavy water"}, "title-he": {"מלאי מים כבדים"}, "text-en": {"Stock of heavy water is limited."}, "text-he": {"מלאי מים כבדים מוגבל."},
		"quantity": {"heavy_water"}, "unit": {"t"}, "kind": {"at-most"}, "value": {"125"}, "sources": {"1"}, "do": {"send"}}).has(http.StatusOK, "/e/O-1")
	us.get("/g/1/monitor/O-1").has(http.StatusOK, "130.0")
}

// TestAssessmentsAndProgrammes proposes a joint verdict, an explanation, a programme and a sighting.
func TestAssessmentsAndProgrammes(t *testing.T) {
	x := setObligations(t)
	us := x.us.signedIn()
	form := us.get("/g/1/monitor/O-1/assess")
	form.has(http.StatusOK, "Propose an assessment", "Almost certain, 95 to 99 %", "Assessment: Stock of heavy water", "Computed on this server:")
	us.filled(form, "/g/1/monitor/O-1/assess", url.Values{"asof": {""}}).has(http.StatusUnprocessableEntity, `href="#verdict"`, `href="#asof"`, `href="#words.en"`)
	us.filled(form, "/g/1/monitor/O-1/assess", url.Values{"verdict": {"within"}, "likelihood": {"likely"}, "confidence": {"low"}, "asof": {"2017-12-01"}, "title.en": {"Heavy water"}, "title.he": {"מים כבדים"},
		"words.en": {"As read."}, "words.he": {"כפי שנמדד."}}).has(http.StatusOK, "/e/V-1.1")
	us.get("/g/1/monitor/O-1").has(http.StatusOK, "V 1.1", "Likely, 55 to 80 %", "Confidence: low.")
	us.filled(us.get("/g/1/programme/F-1/hypothesis"), "/g/1/programme/F-1/hypothesis", url.Values{"title.en": {"A decoy"}}).has(http.StatusUnprocessableEntity, `href="#title.he"`)
	us.filled(us.get("/g/1/programme/F-1/hypothesis"), "/g/1/programme/F-1/hypothesis", url.Values{"title.en": {"A decoy"}, "title.he": {"הטעיה"}}).has(http.StatusOK, "/e/H-1.1")
	us.filled(us.get("/g/1/programmes/new"), "/g/1/programmes/new", url.Values{"title.en": {"Ports"}, "title.he": {"נמלים"}}).has(http.StatusOK, "/e/F-2")
	sight := us.get("/g/1/monitor/F-1/observe")
	sight.has(http.StatusOK, "Add sighting", "What it says for or against", "Rules it out")
	us.filled(sight, "/g/1/monitor/F-1/observe", url.Values{"quantity-other": {"trucks"}, "value": {"3"}, "unit": {"1"}, "sign": {">="}, "asof": {"2017-12-01"}, "title": {"Road report"}, "grade-source": {"D"}, "grade-info": {"4"},
		"bears-H-1": {"-1"}, "bears-H-2": {"2"}}).has(http.StatusOK, "trucks", "at least 3", "Speaks against it", "Speaks strongly for it")
	us.get("/g/1/monitor/H-1/assess").has(http.StatusOK, "Propose an assessment")
}

// TestObligationsSpeakHebrew looks for words of the system that stay in English.
func TestObligationsSpeakHebrew(t *testing.T) {
	x := setObligations(t)
	us := x.us.signedIn()
	us.post("/preferences", url.Values{"language": {"he"}, "return": {"/"}})
	for _, path := range obligationPages {
		page := us.get(path)
		page.has(http.StatusOK, `dir="rtl"`)
		for _, s := range []string{"The ", " limit ", "Needs ", " reading"} {
			bare := regexp.MustCompile(`(?s)<[^>]*>`).ReplaceAllString(stripEnglish(page.body), " ")
			if i := strings.Index(bare, s); i >= 0 {
				t.Errorf("%s stays in English: %s", path, bare[max(0, i-60):min(len(bare), i+60)])
			}
		}
	}
}

// stripEnglish takes out what says of itself that it is English, or is code.
func stripEnglish(body string) string {
	return regexp.MustCompile(`(?s)<(\w+)[^>]*lang="en"[^>]*>.*?</(\w+)>|<script.*?</script>|<textarea.*?</textarea>|<title>.*?</title>|<bdi>[^<]*</bdi>`).ReplaceAllString(body, "")
}

// TestObligationsInABrowser puts the pages before axe-core, and prints one.
func TestObligationsInABrowser(t *testing.T) {
	x := setObligations(t)
	b := x.us.signedIn()
	ctx := window(t)
	looking{as: "obligation", phone: 360, ready: ".js", half: true}.at(t, ctx, b, obligationPages...)
	b.bring(ctx, "en", "dark")
	steps(t, ctx, chromedp.EmulateViewport(740, 1000), chromedp.Navigate(b.site+"/g/1/monitor/O-1"), chromedp.WaitReady(".js"))
	_, _ = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"})
	if asked[bool](t, ctx, `document.getElementById("margin").getBoundingClientRect().height > 0`) {
		t.Error("the margin is printed unasked")
	}
	picture(t, ctx, "obligation-print")
	_, _ = chromedp.Call(ctx, emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{})
}
