package web_test

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"testing"

	"entente/act"
)

// watchPages are the pages of what is watched in a group, those of no moment and those of one.
var watchPages = []string{"/monitor", "/monitor?view=list", "/monitor?view=calendar", "/monitor?on=2016-12-01&by=entered", "/monitor/O-1", "/monitor/O-1?gone=shown",
	"/monitor/O-1?on=1000-01-01", "/monitor/O-1?on=9999-12-31", "/monitor/O-1/observe", "/monitor/O-1/takeback", "/monitor/O-1/dispute", "/monitor/O-1/assess",
	"/agreement/T-1", "/agreement/new", "/agreement/T-1/counter", "/agreement/T-1/attest", "/agreement/T-1/readings.csv", "/monitor/import", "/imports/0",
	"/programme/F-1", "/programmes/new", "/programme/F-1/hypothesis", "/evidence/O-1", "/e/O-1", "/e/T-1"}

// TestNothingOfWhatIsWatchedReachesWhoSitsOutside: its pages, their twins and their forms are answered
// as those of a group that there is not.
func TestNothingOfWhatIsWatchedReachesWhoSitsOutside(t *testing.T) {
	x := setWatched(t)
	out := x.us.guest("k.moore")
	blank := regexp.MustCompile(`(?:/g/\d+|%2Fg%2F\d+)[^"&]*`) // the address stands in the page
	same := func(what string, there, nowhere shown) {
		if there.status != http.StatusNotFound && there.status != http.StatusMethodNotAllowed || nowhere.status != there.status || blank.ReplaceAllString(there.body, "") != blank.ReplaceAllString(nowhere.body, "") {
			t.Errorf("%s: %d, and where there is nothing %d", what, there.status, nowhere.status)
		}
	}
	for _, path := range watchPages {
		same(path, out.get("/g/1"+path), out.get("/g/77"+path))
		twin, query, _ := strings.Cut(path, "?")
		same(twin+".json", out.get("/g/1"+twin+".json?"+query), out.get("/g/77"+twin+".json?"+query))
		same("POST "+path, out.post("/g/1"+path, url.Values{"do": {"apply"}}), out.post("/g/77"+path, url.Values{"do": {"apply"}}))
	}
	if body := out.get("/monitor").body + out.get("/monitor.json").body + out.get("/").body; strings.Contains(body, "heavy water") || strings.Contains(body, "Nuclear") {
		t.Error("the monitor of all groups tells who sits in none")
	}
}

// TestNoObservationBecomesMarkup: whatever another party writes of sources, notes, units and disputes is
// text on every page of what is watched, and no address leads anywhere but to a page of the web.
func TestNoObservationBecomesMarkup(t *testing.T) {
	x := setWatched(t)
	const bad = `"'></p><hx onx='y'>=1+1`
	batch := act.Report{Element: "T-1"}
	for _, address := range []string{"javascript:alert(1)//" + bad, "JAVASCRIPT:alert(1)", "data:text/html,<hx>", "//evil.example/" + bad, "https://iaea.org/" + bad, "vbscript:x", "https:javascript:alert(1)"} {
		batch.Sources = append(batch.Sources, act.Citation{Title: bad, Document: bad, Place: bad, Address: address, Quote: bad})
		batch.Readings = append(batch.Readings, act.Reading{Quantity: "heavy_water", Unit: "{'<hx>}", Value: "131", AsOf: "2017-11-07", Source: uint16(len(batch.Readings)), Note: bad},
			act.Reading{Quantity: "heavy_water", Unit: "t", Value: "131", AsOf: "2017-11-07", Source: uint16(len(batch.Readings) / 2), Note: bad})
	}
	for i := range batch.Readings {
		batch.Readings[i].Source = uint16(i / 2)
	}
	x.say(x.one, 1, batch)
	x.say(x.one, 1, act.Dispute{Element: "O-1", Step: act.DisputeStarts, On: "2017-11-08", By: both(bad, bad), Text: both(bad, bad)})
	us, said := x.us.signedIn(), 0
	for _, lang := range []string{"en", "he"} {
		us.get("/?language=" + lang)
		for _, path := range watchPages {
			p := us.get("/g/1" + path)
			if p.status >= 500 {
				t.Errorf("%s: %d", path, p.status)
			}
			if !strings.HasPrefix(p.header.Get("Content-Type"), "text/html") {
				continue
			}
			if i := strings.Index(p.body, "<hx"); i >= 0 {
				t.Errorf("%s carries the text unescaped: …%s", path, p.body[max(0, i-80):min(len(p.body), i+80)])
			}
			if strings.Contains(p.body, "&lt;hx") {
				said++
			}
			for _, m := range regexp.MustCompile(`(?i)(?:href|src|action|formaction)="([^"]*)"`).FindAllStringSubmatch(p.body, -1) {
				at := strings.ToLower(m[1])
				if !strings.HasPrefix(at, "/") && !strings.HasPrefix(at, "#") && !strings.HasPrefix(at, "?") && !regexp.MustCompile(`^https://(www\.)?iaea\.org/`).MatchString(at) && at != "" && at != "data:," || strings.HasPrefix(at, "//") {
					t.Errorf("%s leads to %s", path, m[1])
				}
			}
		}
	}
	if said < 2 {
		t.Errorf("the text stands on %d pages", said)
	}
	for _, line := range strings.Split(us.get("/g/1/agreement/T-1/readings.csv").body, "\n") {
		for _, cell := range strings.Split(line, ",") {
			if strings.HasPrefix(strings.Trim(cell, `"`), "=") {
				t.Errorf("a formula in the export: %s", line)
			}
		}
	}
}
