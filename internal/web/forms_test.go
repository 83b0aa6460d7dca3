package web_test

import (
	"bytes"
	"encoding/json"
	"io"
	"mime/multipart"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"entente/act"
	"entente/internal/chancery"
	"entente/party"
	"entente/plan"
	"entente/proof"
)

// hidden reads what a page's form carries with it.
func (p shown) hidden(name string) string {
	p.t.Helper()
	m := regexp.MustCompile(`name="` + regexp.QuoteMeta(name) + `" value="([^"]*)"`).FindStringSubmatch(p.body)
	if m == nil {
		p.t.Fatalf("%s has no hidden %s", p.path, name)
	}
	return m[1]
}

// filled sends a page's own form: its hidden fields and what is typed.
func (b *browser) filled(page shown, to string, typed url.Values) shown {
	b.t.Helper()
	form := url.Values{}
	for _, m := range regexp.MustCompile(`type="hidden" name="([^"]+)" value="([^"]*)"`).FindAllStringSubmatch(page.body, -1) {
		if m[1] != "return" {
			form.Set(m[1], m[2])
		}
	}
	for k, v := range typed {
		form[k] = v
	}
	return b.post(to, form)
}

func (x *table) status(ref act.Ref) (st plan.Status) {
	x.t.Helper()
	x.one[0].View(func(p *plan.State) {
		if e := p.Element(ref); e != nil {
			st = e.Status()
		} else {
			x.t.Fatalf("there is no %s", ref)
		}
	})
	return st
}

func TestAcceptingHasAPageThatSaysWhatItBinds(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	page := b.get("/g/1/e/A-1.1.2/act/accept?of=IL")
	page.has(http.StatusOK, "Accept Israel’s text of A 1.1.2", "binds United States to revision 4 word for word", "Accept Israel’s text")
	done := b.filled(page, "/g/1/e/A-1.1.2/act/accept", nil)
	done.has(http.StatusOK, "Accepted. It is agreed as soon as the others have confirmed it.")
	x.carry()
	if st := x.status("A-1.1.2"); st != plan.Agreed {
		t.Errorf("the element is %v", st)
	}
	b.get("/g/1/e/A-1.1.2?told=accept").has(http.StatusOK, "Agreed by all.")
}

func TestACounterBeginsWithTheirText(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	page := b.get("/g/1/e/A-1.1.2/negotiate")
	page.has(http.StatusOK, "Send revision 5 to", "within 14 days of its publication, and in any case before the Board of Governors meets.</textarea>", "Draft, US only until you send it")
	en := "The Parties shall exchange their written assessments of each report of the Agency within 21 days of its publication."
	he := "הצדדים יחליפו ביניהם הערכות כתובות על כל דוח של הסוכנות בתוך 21 ימים."

	shownOnly := b.filled(page, "/g/1/e/A-1.1.2/negotiate", url.Values{"text-en": {en}, "text-he": {he}, "do": {"preview"}})
	shownOnly.has(http.StatusOK, `<del class="w">14</del>`, `<ins class="w p1">21</ins>`, "21 days of its publication.</textarea>")
	if x.status("A-1.1.2") != plan.InBrackets {
		t.Error("showing the changes has changed the plan")
	}
	left := b.filled(page, "/g/1/e/A-1.1.2/negotiate", url.Values{"text-en": {en}, "do": {"send"}})
	left.has(http.StatusUnprocessableEntity, "There is a problem", "Only the English text has changed", "<title>Error: ", en+"</textarea>")
	empty := b.filled(page, "/g/1/e/A-1.1.2/negotiate", url.Values{"text-en": {en}, "text-he": {" "}, "do": {"send"}})
	empty.has(http.StatusUnprocessableEntity, "Write the text in עברית too")
	b.filled(page, "/g/1/e/A-1.1.2/negotiate", url.Values{"do": {"send"}}).has(http.StatusUnprocessableEntity, "You have changed nothing yet")

	sent := b.filled(page, "/g/1/e/A-1.1.2/negotiate", url.Values{"text-en": {en}, "text-he": {he}, "do": {"send"}})
	sent.has(http.StatusOK, "Sent 04:20.", "turn of: Israel.", "rev 5 · ")
	x.carry()
	x.il.signedIn().get("/g/1/e/A-1.1.2/negotiate").has(http.StatusOK, "It is your turn.", "21 days of its publication.")
}

func TestWhatHasMovedKeepsWhatWasTypedAndSendsNothing(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	counter, accept := b.get("/g/1/e/A-1.1.2/negotiate"), b.get("/g/1/e/A-1.1.2/act/accept?of=IL")
	theirs := both("The Parties shall exchange assessments within 10 days.", "הצדדים יחליפו הערכות בתוך 10 ימים.")
	x.say(x.one, 1, act.Table{Element: "A-1.1.2", Content: act.Content{Kind: act.Action, Parent: "W-1.1", Title: both("Exchange of assessments", "חילופי הערכות"), Text: theirs}})
	mine := "Within 21 days, as we said."
	again := b.filled(counter, "/g/1/e/A-1.1.2/negotiate", url.Values{"text-en": {mine}, "text-he": {"בתוך 21 ימים."}, "do": {"send"}})
	again.has(http.StatusConflict, "A 1.1.2 has moved", "You read revision 4", "sent revision 5", "Nothing was sent.", mine+"</textarea>", `<ins class="w p2">`)
	refused := b.filled(accept, "/g/1/e/A-1.1.2/act/accept", nil)
	refused.has(http.StatusConflict, "A 1.1.2 has moved", "Nothing was sent.")
	if x.status("A-1.1.2") != plan.InBrackets {
		t.Error("something was sent all the same")
	}
	// Having looked, the person decides again, on what is there now.
	sent := b.filled(again, "/g/1/e/A-1.1.2/negotiate", url.Values{"text-en": {mine}, "text-he": {"בתוך 21 ימים."}, "do": {"send"}})
	sent.has(http.StatusOK, "Sent ")
}

func TestReservingRemarkingReportingWithdrawingAndRemoving(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	reserve := b.get("/g/1/e/A-1.1.1/act/reserve")
	reserve.has(http.StatusOK, "Your reservation stays attached to it, in your words.")
	b.filled(reserve, "/g/1/e/A-1.1.1/act/reserve", nil).has(http.StatusUnprocessableEntity, "Write some words", `href="#words-en"`)
	b.filled(reserve, "/g/1/e/A-1.1.1/act/reserve", url.Values{"words-en": {"Subject to funds."}}).has(http.StatusOK, "Reserved. Filed with ¶ 2.", "Subject to funds.", "Lift your reservation")
	b.get("/g/1/doc").has(http.StatusOK, "Subject to funds.")

	link := regexp.MustCompile(`/g/1/e/A-1\.1\.1/act/lift\?note=[0-9a-f]+`).FindString(b.get("/g/1/e/A-1.1.1").body)
	lift := b.get(link)
	b.filled(lift, "/g/1/e/A-1.1.1/act/lift", url.Values{"words-en": {"Funds were found."}}).has(http.StatusOK, "Lifted an earlier remark", "Funds were found.")
	if st := x.status("A-1.1.1"); st != plan.Agreed {
		t.Errorf("after lifting it is %v", st)
	}

	remark := b.get("/g/1/e/A-1.1.1/act/remark")
	remark.hasNot(`checked`)
	b.filled(remark, "/g/1/e/A-1.1.1/act/remark", url.Values{"words-en": {"Well."}}).has(http.StatusUnprocessableEntity, "Choose what sort of remark it is")
	b.filled(remark, "/g/1/e/A-1.1.1/act/remark", url.Values{"sort": {"objection"}, "words-he": {"לא."}}).has(http.StatusOK, "Objection", "לא.")

	report := b.get("/g/1/e/A-1.1.1/act/report")
	b.filled(report, "/g/1/e/A-1.1.1/act/report", url.Values{"asof": {"tomorrow"}}).has(http.StatusUnprocessableEntity, "Write a day that exists", "Choose how far it has come")
	b.filled(report, "/g/1/e/A-1.1.1/act/report", url.Values{"asof": {"2017-12-11"}, "progress": {"under way"}}).has(http.StatusOK, "Under way")

	withdraw := b.get("/g/1/e/A-1.2.1/act/withdraw")
	b.filled(withdraw, "/g/1/e/A-1.2.1/act/withdraw", url.Values{"words-en": {"Overtaken."}}).has(http.StatusOK, "Withdrawn.", "Nobody holds a text of it any more.")

	b.filled(b.get("/g/1/e/A-1.1.1/act/strike"), "/g/1/e/A-1.1.1/act/strike", nil).has(http.StatusOK, "Sent ", "proposed", "to remove it")
	x.carry()
	il := x.il.signedIn()
	il.filled(il.get("/g/1/e/A-1.1.1/act/accept?of=US"), "/g/1/e/A-1.1.1/act/accept", nil)
	x.carry()
	if st := x.status("A-1.1.1"); st != plan.Removed {
		t.Errorf("after both agreed to remove it, it is %v", st)
	}
}

func TestANewElementIsWrittenInEveryLanguage(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	b.get("/g/1/new").has(http.StatusOK, "What do you want to add?")
	page := b.get("/g/1/new?kind=way&parent=G-1")
	page.has(http.StatusOK, "W 1.3", "Block any path to nuclear weapons", "Send it to")
	half := b.filled(page, "/g/1/new", url.Values{"parent": {"G-1"}, "title-en": {"Train inspectors"}})
	half.has(http.StatusUnprocessableEntity, "Write the heading in עברית too", `value="Train inspectors"`)
	b.filled(page, "/g/1/new", url.Values{"parent": {"G-1"}}).has(http.StatusUnprocessableEntity, "Write a heading or a text.")
	sent := b.filled(page, "/g/1/new", url.Values{"parent": {"G-1"}, "title-en": {"Train inspectors"}, "title-he": {"הכשרת פקחים"},
		"text-en": {"The Parties shall train inspectors."}, "text-he": {"הצדדים יכשירו פקחים."}, "lead": {"US"}, "due": {"2018-05-01"}})
	sent.has(http.StatusOK, "Train inspectors", "Sent 04:20.", "1 May 2018")
	if !strings.Contains(sent.path, "/g/1/e/W-1.3") {
		t.Errorf("it led to %s", sent.path)
	}
}

func TestFromSpeechToGoals(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	b.get("/s").has(http.StatusOK, "Presidential address", "3 of 5 passages lead to a goal")
	b.get("/s/S-1").has(http.StatusOK, "<b>3 of 5</b>", "freedom of navigation” not covered", "No passage: added by the parties", "2 ways", "5 of 8 paragraphs agreed")

	mark := b.get("/s/S-1/mark?n=2")
	b.filled(mark, "/s/S-1/mark", url.Values{"quote": {"words nobody said"}}).has(http.StatusUnprocessableEntity, "Those words do not stand in ¶ 2")
	b.filled(mark, "/s/S-1/mark", url.Values{"quote": {" "}}).has(http.StatusUnprocessableEntity, "Leave some words.")
	marked := b.filled(mark, "/s/S-1/mark", url.Values{"quote": {"block their financing of terror"}})
	marked.has(http.StatusOK, "Marked, and sent to the others.", "block their financing of terror", "It leads to a goal that is there")

	at, _, _ := strings.Cut(marked.path, "?")
	passageRef := act.Ref(at[strings.LastIndexByte(at, '/')+1:])
	aside := b.filled(marked, at, url.Values{"do": {"aside"}})
	aside.has(http.StatusUnprocessableEntity, "Say why no goal follows from it.")
	var basis string
	x.plenary[0].View(func(p *plan.State) { basis = p.Basis(passageRef) })
	b.post(at, url.Values{"g": {"0"}, "do": {"aside"}, "basis": {basis}, "aside-en": {"For the finance ministers."}}).has(http.StatusOK, "Set aside. Everybody sees the reason.", "For the finance ministers.")

	passage := b.get("/s/S-1/passage/P-4")
	b.filled(passage, "/s/S-1/passage/P-4", url.Values{"do": {"link"}}).has(http.StatusUnprocessableEntity, "Choose the goal that it leads to.")
	linked := b.filled(passage, "/s/S-1/passage/P-4", url.Values{"do": {"link"}, "goal": {"G-3"}})
	linked.has(http.StatusOK, "Proposed. The goal answers to these words")
	x.carry()
	x.il.signedIn().get("/g/0/e/G-3/negotiate").has(http.StatusOK, "P-3, P-4")
}

func TestAStatementIsBroughtIn(t *testing.T) {
	x := setTable(t)
	b := x.us.signedIn()
	b.get("/s").has(http.StatusOK, "No statement yet")
	page := b.get("/s/new")
	b.filled(page, "/s/new", url.Values{"g": {"0"}, "lang": {"en"}}).has(http.StatusUnprocessableEntity, "Say what the statement is called", "Paste the words of the statement")
	done := b.filled(page, "/s/new", url.Values{"g": {"0"}, "lang": {"he"}, "title": {"הצהרה"}, "text": {"ראשון.\r\n\r\n\r\nשני."}, "saidon": {"2017-10-13"}})
	done.has(http.StatusOK, "Brought in, and sent to the others.", "¶ 2", "שני.")
	b.filled(page, "/s/new", url.Values{"g": {"7"}, "lang": {"he"}, "title": {"x"}, "text": {"y"}}).has(http.StatusNotFound)
}

func TestTheDocumentIsTakenAwayAndProved(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	words := b.get("/g/1/doc.txt?lang=en")
	words.has(http.StatusOK, "TLP:AMBER+STRICT | Releasable to US, IL", "within [US: 30] [IL: 14] days of its publication[IL: , and in any case", "[IL reserves: Israel reserves its position on timing.]", "¶ 7  A 1.2.1")
	if strings.Count(words.body, "TLP:AMBER+STRICT") != 2 {
		t.Error("the marking does not stand at both ends")
	}
	b.get("/g/1/doc.txt?lang=he&view=agreed").has(http.StatusOK, "הצדדים יקראו יחד כל דוח רבעוני של הסוכנות.")

	make := b.get("/g/1/doc/new")
	make.has(http.StatusOK, "It would contain 5 paragraphs")
	b.filled(make, "/g/1/doc/new", nil).has(http.StatusOK, "It contains 5 paragraphs, word for word as agreed.", "data-number")
	x.carry()
	il := x.il.signedIn()
	il.filled(il.get("/g/1/e/D-1/act/accept?of=US"), "/g/1/e/D-1/act/accept", nil).has(http.StatusOK)
	x.carry()
	b.get("/g/1/doc").has(http.StatusOK, "D 1", "Joint Strategic Work Plan")

	file := b.get("/g/1/doc.entente?about=D-1")
	report := proof.Examine(strings.NewReader(file.body), x.us.Card(), x.il.Card())
	if !report.Valid || report.Document == nil || report.Document.Paragraphs != 5 || report.Answer != "Yes. Both parties adopted exactly this text." {
		t.Fatalf("the proof says %q: %+v", report.Answer, report.Checks)
	}
	whole := proof.Examine(strings.NewReader(b.get("/g/1/doc.entente").body), x.us.Card(), x.il.Card())
	if !whole.Valid || whole.Document != nil {
		t.Errorf("the plan's proof says %q", whole.Answer)
	}
	b.get("/g/1/doc.entente?about=D-9").has(http.StatusNotFound)

	stranger := x.us.browser()
	stranger.present("/verify", file.body).has(http.StatusOK, "Yes. Both parties adopted exactly this text.", "Read it: English", "entente verify file.entente", report.Number[:5])
}

// present sends a file as a form does.
func (b *browser) present(path, content string) shown {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	part, err := w.CreateFormFile("file", "file.entente")
	if err == nil {
		_, err = io.WriteString(part, content)
	}
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		b.t.Fatal(err)
	}
	res, err := b.Post(b.site+path, w.FormDataContentType(), &body)
	return b.take(res, err)
}

func TestVerifyNeedsNoAccountAndSaysWhatIsWrong(t *testing.T) {
	x := play(t)
	b := x.us.browser()
	b.get("/verify").has(http.StatusOK, "Is this what was agreed?", "does not keep it", "TLP:CLEAR")
	b.present("/verify", "not a proof").has(http.StatusOK, "No. The file is not whole, or not a proof.")
	b.post("/verify", url.Values{}).has(http.StatusUnprocessableEntity, "Choose a file first.")
	file := x.us.signedIn().get("/g/1/doc.entente").body
	b.present("/verify", file).has(http.StatusOK, "Yes. The logs are whole")
	bent := strings.Replace(file, "quarterly", "quarterby", 1)
	b.present("/verify", bent).has(http.StatusOK, "No. ")
	var twin struct{ Report proof.Report }
	if err := json.Unmarshal([]byte(b.present("/verify.json", file).body), &twin); err != nil || !twin.Report.Valid {
		t.Errorf("the twin says %+v, %v", twin, err)
	}
}

// TestWhatIsNotYoursDoesNotExist asks for everything of a group as somebody who does not sit in it.
func TestWhatIsNotYoursDoesNotExist(t *testing.T) {
	x := play(t)
	err := x.us.AddPerson(t.Context(), chancery.Who{Admin: true}, chancery.PersonRow{ID: "m.lane", Name: both("M. Lane", "מ׳ ליין")})
	if err != nil {
		t.Fatal(err)
	}
	who, err := x.us.Local(t.Context(), party.Person("m.lane"))
	if err != nil {
		t.Fatal(err)
	}
	other := *x.us
	other.who = who
	b := other.signedIn()
	nothing := b.get("/g/77/plan")
	for _, path := range planPages {
		if !strings.HasPrefix(path, "/g/") && !strings.HasPrefix(path, "/s/S") {
			continue
		}
		got := b.get(path)
		got.has(http.StatusNotFound)
		got.hasNot("Nuclear", "Exchange of assessments", "Presidential")
		if a, b := withoutPath(got.body), withoutPath(nothing.body); a != b {
			t.Errorf("%s is told apart from what does not exist", path)
		}
	}
	b.get("/s").has(http.StatusOK, "No statement yet")
	b.get("/g/1/doc.txt").has(http.StatusNotFound)
	b.get("/g/1/doc.entente").has(http.StatusNotFound)
	b.post("/g/1/e/A-1.1.2/negotiate", url.Values{}).has(http.StatusNotFound)
}

// withoutPath takes the address out of a page, which the language switch goes back to.
func withoutPath(s string) string {
	return regexp.MustCompile(`name="return" value="[^"]*"`).ReplaceAllString(s, "")
}

// TestReadingWithoutPowers shows the pages to a delegate who may only read.
func TestReadingWithoutPowers(t *testing.T) {
	x := play(t)
	if err := x.us.AddPerson(t.Context(), chancery.Who{Admin: true}, chancery.PersonRow{ID: "m.lane", Name: both("M. Lane", "מ׳ ליין")}); err != nil {
		t.Fatal(err)
	}
	x.say(x.one, 0, act.Accredit{Delegates: []act.Delegate{
		{Person: "d.reyes", Name: both("D. Reyes", "ד׳ רייס"), Powers: act.MayPropose | act.MayAccept | act.MayRemark | act.MayConvene},
		{Person: "m.lane", Name: both("M. Lane", "מ׳ ליין")},
	}})
	other := *x.us
	other.who = chancery.Who{Person: "m.lane"}
	b := other.signedIn()
	page := b.get("/g/1/e/A-1.1.2")
	page.has(http.StatusOK, "You do not have full powers")
	page.hasNot("Accept Israel’s text", "act/reserve", "/negotiate#")
	b.get("/g/1/plan").hasNot("Add an element")
	b.get("/g/1/e/A-1.1.2/negotiate").has(http.StatusOK, "Proposing takes full powers", "· D. Reyes")
	b.get("/g/1/e/A-1.1.2/act/accept?of=IL").has(http.StatusUnprocessableEntity, "You do not have full powers")
	b.post("/g/1/e/A-1.1.2/act/accept", url.Values{"of": {"IL"}}).has(http.StatusUnprocessableEntity, "full powers")
	b.post("/g/1/new", url.Values{"kind": {"goal"}, "title-en": {"x"}, "title-he": {"y"}}).has(http.StatusUnprocessableEntity, "full powers")
	// The plenary is not shown, and its goal only by its reference.
	b.get("/g/1/plan").hasNot("Block any path")
}

// TestTwins asks for the data of every page.
func TestTwins(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	for _, path := range planPages {
		at, query, _ := strings.Cut(path, "?")
		got := b.get(at + ".json?" + query)
		var data map[string]any
		if err := json.Unmarshal([]byte(got.body), &data); err != nil || got.status != http.StatusOK || len(data) == 0 {
			t.Errorf("%s.json: %d, %v", at, got.status, err)
		}
	}
}

// TestBadAddressesAndFormsNeverPanic sends what no page would.
func TestBadAddressesAndFormsNeverPanic(t *testing.T) {
	x := play(t)
	b := x.us.signedIn()
	for _, path := range []string{
		"/g/1/plan?at=%00&open=,,,&from=-5&state=x&under=Q", "/g/1/plan?from=999999", "/g/1/plan?g=//evil", "/g/1/plan?open=", "/g/1/e/ZZ-1", "/g/1/e/A-1.1.2/act/dance",
		"/g/1/e/A-1.1.2/act/accept?of=US", "/g/1/e/A-1.1.2/act/lift?note=zz", "/g/1/e/A-1.1.2/negotiate?of=XX", "/g/1/doc?view=x&since=-3&from=x&at=A-1.1.2", "/g/1/doc?at=W-1.2&from=900",
		"/g/1/doc?view=changes&since=99999", "/g/1/new?kind=x", "/g/1/new?kind=clause&parent=A-1.1.2", "/g/1/negotiation?turn=zz&from=-1", "/s/S-1/mark?n=99", "/s/S-1/mark?n=x", "/s/S-1/passage/P-99", "/s/A-1.1.2", "/s/S-1?g=1",
	} {
		if got := b.get(path); got.status >= 500 {
			t.Errorf("%s: %d", path, got.status)
		}
	}
	long := strings.Repeat("א", 40_000)
	for path, form := range map[string]url.Values{
		"/g/1/e/A-1.1.2/negotiate":  {"do": {"send"}, "basis": {b.get("/g/1/e/A-1.1.2/negotiate").hidden("basis")}, "text-en": {long}, "text-he": {long}, "of": {"IL"}},
		"/g/1/e/A-1.1.2/act/accept": {"of": {"ZZ"}},
		"/g/1/e/A-1.1.2/act/remark": {"sort": {"x"}, "words-en": {"a\u202eb"}, "basis": {b.get("/g/1/e/A-1.1.2/act/remark").hidden("basis")}},
		"/g/1/new":                  {"kind": {"goal"}, "title-en": {"a\u202eb"}, "title-he": {"x"}, "lead": {"QQ"}, "parties": {"asked"}, "cites": {"P-1; P-1, zz"}, "due": {"2018-02-30"}},
		"/s/new":                    {"g": {"0"}, "lang": {"en"}, "title": {"t"}, "text": {strings.Repeat("a", 33_000)}},
	} {
		if got := b.post(path, form); got.status < 400 || got.status >= 500 {
			t.Errorf("POST %s: %d", path, got.status)
		}
	}
}
