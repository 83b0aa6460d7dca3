package api_test

import (
	"encoding/base64"
	"net/http/httptest"
	"regexp"
	"strings"
	"testing"

	ics "github.com/arran4/golang-ical"

	"entente/internal/api"
)

// TestTheCalendarTellsReferencesAndKindsAlone: no word of a text, of a title, of a group's name or of the
// margin stands in what a calendar program keeps elsewhere.
func TestTheCalendarTellsReferencesAndKindsAlone(t *testing.T) {
	s := newServer(t)
	talk(s)
	watchAll(s)
	*s.still = true
	read, _ := s.token(`{"person": "d.reyes", "name": "calendar"}`)
	out := s.far(read, "GET", api.CalendarPath, "").Body.String()
	c, err := ics.ParseCalendar(strings.NewReader(out))
	if err != nil {
		t.Fatal(err)
	}
	all := ""
	for _, e := range c.Events() {
		all += e.GetProperty(ics.ComponentPropertySummary).Value + "\n"
	}
	for _, want := range []string{"A 1: due (group 0)", "O 1.1: report expected (group 0)", "O 1.1: stage 1 of dispute ends (group 0)", "O 1.1: stage 4 of dispute ends (group 0)"} {
		if !strings.Contains(all, want) {
			t.Errorf("%q is missing:\n%s", want, all)
		}
	}
	said := regexp.MustCompile(`(?m)^(UID|DTSTAMP):.*(\r?\n .*)*`).ReplaceAllString(out, "") // digits that mean nothing
	for _, word := range []string{"Plenary", "Heavy", "Plan of action", "Iran", "tonnes", "Commission", "Read", "Guidance", "Precision", "heavy_water", "Cable", "131"} {
		if strings.Contains(said, word) {
			t.Errorf("%q stands in the calendar", word)
		}
	}
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/e/O-1.1/margin/reading", `{"source": {"title": "Cable"}, "reading": {"quantity": "heavy_water_stock", "value": "1", "unit": "t", "asOf": "2017-12-11"}}`)
	if again := s.far(read, "GET", api.CalendarPath, "").Body.String(); again != out {
		t.Error("the margin shows in the calendar")
	}
	other, _ := s.token(`{"person": "k.moore", "name": "calendar"}`)
	if out := s.far(other, "GET", api.CalendarPath, "").Body.String(); strings.Contains(out, "VEVENT") {
		t.Errorf("who sits in no group is told: %s", out)
	}
}

// TestTheCalendarTakesATokenAsPassword: of those that read, there alone, and never one that was revoked.
func TestTheCalendarTakesATokenAsPassword(t *testing.T) {
	s := newServer(t)
	read, id := s.token(`{"person": "d.reyes", "name": "calendar"}`)
	write, _ := s.token(`{"person": "d.reyes", "name": "importer", "write": true}`)
	ask := func(path, secret string) (int, string) {
		r := httptest.NewRequest("GET", path, nil)
		r.Header.Set("Authorization", "Basic "+base64.StdEncoding.EncodeToString([]byte("anybody:"+secret)))
		w := httptest.NewRecorder()
		s.Remote().ServeHTTP(w, r)
		s.answers("GET", path, w)
		return w.Code, strings.Join(w.Header().Values("WWW-Authenticate"), ", ")
	}
	if code, _ := ask(api.CalendarPath, read); code != 200 {
		t.Errorf("a token that reads: %d", code)
	}
	if code, _ := ask(api.CalendarPath, write); code != 403 {
		t.Errorf("a token that writes: %d", code)
	}
	if code, asks := ask(api.CalendarPath, "nothing"); code != 401 || !strings.Contains(asks, "Basic") {
		t.Errorf("no token: %d %s", code, asks)
	}
	if code, asks := ask("/v1/today", read); code != 401 || strings.Contains(asks, "Basic") {
		t.Errorf("another address: %d %s", code, asks)
	}
	s.want(200, "", "", "POST", "/v1/tokens/"+id+"/revoke", "")
	if code, _ := ask(api.CalendarPath, read); code != 401 {
		t.Errorf("a revoked token: %d", code)
	}
	if w := s.far("", "GET", api.CalendarPath, ""); w.Code != 401 {
		t.Errorf("nobody: %d", w.Code)
	}
}
