package web_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"strings"
	"testing"

	"entente/internal/compliance"
	"entente/internal/export/readings"
)

// sendFiles sends a form with files: name of the field, name of the file, content.
func (b *browser) sendFiles(path string, form url.Values, files ...[3]string) shown {
	b.t.Helper()
	var body bytes.Buffer
	w := multipart.NewWriter(&body)
	for name, values := range form {
		for _, v := range values {
			_ = w.WriteField(name, v)
		}
	}
	for _, f := range files {
		part, _ := w.CreateFormFile(f[0], f[1])
		_, _ = part.Write([]byte(f[2]))
	}
	_ = w.Close()
	res, err := b.Post(b.site+path, w.FormDataContentType(), &body)
	return b.take(res, err)
}

// asForm is the form of a page as a browser would send it: hidden fields, texts, choices, boxes.
func (p shown) asForm() url.Values {
	f := url.Values{}
	for _, m := range regexp.MustCompile(`<input[^>]*>`).FindAllString(p.body, -1) {
		name, value := attribute(m, "name"), attribute(m, "value")
		if strings.Contains(m, `type="checkbox"`) && !strings.Contains(m, "checked") || strings.Contains(m, `type="file"`) {
			continue
		}
		if name != "" {
			f.Set(name, value)
		}
	}
	for _, m := range regexp.MustCompile(`(?s)<textarea([^>]*)>(.*?)</textarea>`).FindAllStringSubmatch(p.body, -1) {
		f.Set(attribute(m[1], "name"), unescaped(m[2]))
	}
	for _, m := range regexp.MustCompile(`(?s)<select([^>]*)>(.*?)</select>`).FindAllStringSubmatch(p.body, -1) {
		f.Set(attribute(m[1], "name"), "")
		for _, o := range regexp.MustCompile(`<option[^>]*>`).FindAllString(m[2], -1) {
			if strings.Contains(o, "selected") {
				f.Set(attribute(m[1], "name"), attribute(o, "value"))
			}
		}
	}
	return f
}

func attribute(tag, name string) string {
	m := regexp.MustCompile(`\b` + name + `="([^"]*)"`).FindStringSubmatch(tag)
	if m == nil {
		return ""
	}
	return unescaped(m[1])
}

func unescaped(s string) string {
	return strings.NewReplacer("&#34;", `"`, "&quot;", `"`, "&#39;", "'", "&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(s)
}

const someReadings = "indicator;date;value;unit;source;grade\n" +
	"heavy_water;2017-10-18;113,2;t;Quarterly report;B2\n" +
	"heavy_water;2017-10-19;about 120;t;Quarterly report;B2\n" +
	"heavy_water;3/4/2017;121;t;Quarterly report;B2\n" +
	"uranium;2017-10-18;did not exceed 300;kg UF6;Quarterly report;B2\n"

func TestAFileOfObservationsIsEnteredWhole(t *testing.T) {
	x := setWatched(t)
	us := x.us.signedIn()
	us.get("/g/1/monitor/import?element=T-1").has(http.StatusOK, "Which file, what its columns hold", "T 1")
	us.sendFiles("/g/1/monitor/import", url.Values{"element": {"T-1"}}).has(http.StatusUnprocessableEntity, "Choose a file")
	us.sendFiles("/g/1/monitor/import", url.Values{"element": {"T-1"}}, [3]string{"file", "x.xlsx", "PK\x03\x04nothing"}).has(http.StatusUnprocessableEntity, `href="#file"`)
	us.sendFiles("/g/1/monitor/import", url.Values{"element": {"T-1"}}, [3]string{"file", "x.csv", someReadings}, [3]string{"saved", "m.json", "{}"}).has(http.StatusUnprocessableEntity, "The mapping cannot be used")
	mapping := us.sendFiles("/g/1/monitor/import", url.Values{"element": {"T-1"}}, [3]string{"file", "2018.csv", someReadings})
	mapping.has(http.StatusOK, "What the columns hold", "indicator", "113,2 · about 120", "Save this mapping")
	form := mapping.asForm()
	if form.Get("field-0") != "quantity" || form.Get("field-2") != "value" || form.Get("field-5") != "grade" {
		t.Fatalf("suggested are %v", form)
	}
	form.Set("decimal", ",")
	form.Set("units", "nothing")
	us.post("/g/1/monitor/import", with(form, "do", "preview")).has(http.StatusUnprocessableEntity, "renames nothing")
	form.Set("units", "kg UF6 = kg{UF6}")
	saved := us.post("/g/1/monitor/import", with(form, "do", "save"))
	if m, err := readings.ParseMapping([]byte(saved.body)); err != nil || m.Decimal != "," || m.Units["kg UF6"] != "kg{UF6}" || len(m.Columns) != 6 {
		t.Errorf("saved was %s, %v", saved.body, err)
	}
	preview := us.post("/g/1/monitor/import", with(form, "do", "preview"))
	preview.has(http.StatusOK, "observations ready", "rows rejected", "C3", "“about” makes it neither a value nor a bound", "B4", "say what comes first, day or month", "&lt;= 300", "Leave out the 2 rejected rows and enter 2 observations")
	preview.hasNot("Enter 4")
	back := us.post("/g/1/monitor/import", with(preview.asForm(), "do", "map")).asForm()
	if back.Get("decimal") != "," || back.Get("units") != form.Get("units") {
		t.Errorf("back at the columns stands %v", back)
	}
	back.Set("days", "dmy")
	third := us.post("/g/1/monitor/import", with(back, "do", "preview"))
	third.has(http.StatusOK, "Leave out the one rejected row and enter 3 observations")
	before := us.get("/g/1/agreement/T-1/readings.csv").body
	us.post("/g/1/monitor/import", with(third.asForm(), "do", "apply")).has(http.StatusOK, "Nothing was entered", "were rejected")
	if us.get("/g/1/agreement/T-1/readings.csv").body != before {
		t.Error("a refused import left something behind")
	}
	again := us.sendFiles("/g/1/monitor/import", url.Values{"element": {"T-1"}}, [3]string{"file", "2018.csv", someReadings}, [3]string{"saved", "m.json", saved.body})
	preview = us.post("/g/1/monitor/import", with(again.asForm(), "do", "preview"))
	done := us.post("/g/1/monitor/import", with(preview.asForm(), "do", "leave-out"))
	done.has(http.StatusOK, "Observations are entered", "2 observations are entered.", "2 rejected rows were left out.", "Take all 2 observations back")
	us.get("/g/1/agreement/T-1/readings.csv").has(http.StatusOK, "heavy_water,,113.2,t,2017-10-18", "uranium,<=,300,kg{UF6},2017-10-18")
	x.carry()
	x.il.signedIn().get("/g/1/agreement/T-1/readings.csv").has(http.StatusOK, "113.2")
	if x.il.signedIn().get(done.path).status != http.StatusNotFound {
		t.Error("somebody else sees the import")
	}
	preview = us.post("/g/1/monitor/import", with(us.sendFiles("/g/1/monitor/import", url.Values{"element": {"T-1"}}, [3]string{"file", "2018.csv", someReadings}, [3]string{"saved", "m.json", saved.body}).asForm(), "do", "preview"))
	preview.has(http.StatusOK, "stand already", "There is nothing in it that could be entered")
	us.post(done.path, nil).has(http.StatusOK, "Observations are taken back", "2 observations were taken back")
	us.post(done.path, nil).has(http.StatusOK, "Observations are taken back")
	us.get("/g/1/agreement/T-1/readings.csv").has(http.StatusOK, "taken back")
	us.get("/g/1/imports/0123").has(http.StatusNotFound)
	us.post("/g/1/monitor/import", url.Values{"token": {"gone"}, "do": {"preview"}}).has(http.StatusUnprocessableEntity, "not held any more")
}

// TestOurExportIsReadAgain imports what was exported: nothing of it is new.
func TestOurExportIsReadAgain(t *testing.T) {
	x := setWatched(t)
	us := x.us.signedIn()
	file := us.get("/g/1/agreement/T-1/readings.csv").body
	mapping := us.sendFiles("/g/1/monitor/import", url.Values{"element": {"T-1"}}, [3]string{"file", "ours.csv", file})
	us.post("/g/1/monitor/import", with(mapping.asForm(), "do", "preview")).has(http.StatusOK, "stand already", "0</bdi></b> <span class=\"small mute\">rows rejected")
}

// TestALongImportTellsHowFarItIs imports as many rows as take longer than a page waits.
func TestALongImportTellsHowFarItIs(t *testing.T) {
	if testing.Short() {
		t.Skip("a long import takes a while")
	}
	x := setWatched(t)
	us := x.us.signedIn()
	var file strings.Builder
	file.WriteString("quantity,date,value,unit,source\n")
	for i := range 20_000 {
		fmt.Fprintf(&file, "heavy_water,2016-%02d-%02d,%d.%d,t,Report %d\n", 1+i%12, 1+i%28, 100+i%20, 1+i%9, i)
	}
	mapping := us.sendFiles("/g/1/monitor/import", url.Values{"element": {"T-1"}}, [3]string{"file", "long.csv", file.String()})
	preview := us.post("/g/1/monitor/import", with(mapping.asForm(), "do", "preview"))
	preview.has(http.StatusOK, "Enter 20\u202f000 observations", "all of them or none")
	page := us.post("/g/1/monitor/import", with(preview.asForm(), "do", "apply"))
	for range 10_000 {
		if page.header.Get("Refresh") == "" {
			break
		}
		page.has(http.StatusOK, "You can leave this page")
		page = us.get(page.path)
	}
	page.has(http.StatusOK, "20\u202f000 observations are entered.")
}

// TestEveryReasonIsSaid finds a sentence for every reason for which a cell is rejected, and for every
// part of an observation.
func TestEveryReasonIsSaid(t *testing.T) {
	for _, lang := range []string{"en", "he"} {
		said := spoken(t, lang)
		for _, r := range readings.Reasons() {
			if _, ok := said["reject."+strings.ReplaceAll(string(r), " ", "-")]; !ok {
				t.Errorf("%s does not say why: %s", lang, r)
			}
		}
		for _, f := range readings.Fields() {
			if _, ok := said["reading."+strings.ToLower(string(f))]; !ok {
				t.Errorf("%s has no name for %s", lang, f)
			}
		}
	}
}

// TestEveryFindingIsSaid finds a sentence for everything that package compliance says, with the same
// places in it.
func TestEveryFindingIsSaid(t *testing.T) {
	place := regexp.MustCompile(`\{(\w+)\}`)
	for _, lang := range []string{"en", "he"} {
		said := spoken(t, lang)
		for key, form := range compliance.Phrases() {
			name := strings.TrimSuffix(key, ".one")
			if _, plural := compliance.Phrases()[name]; !plural {
				name = key
			}
			where := "watch." + name
			if strings.HasPrefix(name, "verdict.") {
				where = name
			}
			words, ok := said[where]
			if !ok {
				t.Errorf("%s does not say %s: %s", lang, where, form)
				continue
			}
			for _, m := range place.FindAllStringSubmatch(form, -1) {
				if m[1] != "N" && !strings.Contains(words, "{{."+m[1]+"}}") {
					t.Errorf("%s says %s without %s", lang, where, m[1])
				}
			}
		}
	}
}

// spoken are the sentences of a language, every form of them in one string.
func spoken(t *testing.T, lang string) map[string]string {
	t.Helper()
	raw, err := os.ReadFile("locale/" + lang + ".json")
	if err != nil {
		t.Fatal(err)
	}
	var all map[string]json.RawMessage
	if err := json.Unmarshal(raw, &all); err != nil {
		t.Fatal(err)
	}
	out := map[string]string{}
	for key, v := range all {
		out[key] = string(v)
	}
	return out
}

// TestResultsOfActivitiesAreEnteredAndProposed imports IATI: what was reached as observations, what is
// aimed at as obligations.
func TestResultsOfActivitiesAreEnteredAndProposed(t *testing.T) {
	period := func(from, target, actual string) string {
		return `<period><period-start iso-date="` + from + `-01-01"/><period-end iso-date="` + from + `-12-31"/><target value="` + target + `"/><actual value="` + actual + `"/></period>`
	}
	narrated := func(en, he string) string {
		return `<title><narrative xml:lang="en">` + en + `</narrative><narrative xml:lang="he">` + he + `</narrative></title>`
	}
	file := `<iati-activities version="2.03"><iati-activity xml:lang="en"><iati-identifier>XX-WATER-1</iati-identifier>` + narrated("Water", "מים") +
		`<result type="1">` + narrated("Wells", "בארות") + `<indicator measure="1" ascending="1">` + narrated("Number", "מספר") + period("2015", "20", "18") + period("2016", "40", "31") +
		`</indicator></result></iati-activity></iati-activities>`
	x := setWatched(t)
	us := x.us.signedIn()
	preview := us.sendFiles("/g/1/monitor/import", url.Values{"element": {"T-1"}}, [3]string{"file", "results.xml", file})
	preview.has(http.StatusOK, "2</bdi></b> <span class=\"small mute\">observations ready", "The file aims at", "Propose an obligation of each", "Enter 2 observations")
	form := with(preview.asForm(), "do", "apply")
	us.post("/g/1/monitor/import", with(form, "targets", "yes")).has(http.StatusOK, "2 observations are entered.", "proposed.")
	us.get("/g/1/monitor").has(http.StatusOK, "proposed")
}
