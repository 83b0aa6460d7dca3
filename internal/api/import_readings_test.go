package api_test

import (
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"entente/act"
	"entente/internal/api"
)

const waterCSV = `quantity;value;unit;as of;reported;source
heavy_water_stock;130.9;t;2016-02-17;2016-02-26;GOV/2016/8
heavy_water_stock;did not exceed 130;t;2016-02-24;2016-02-26;GOV/2016/8
heavy_water_stock;about 130;t;2016-03-24;2016-05-27;GOV/2016/23
heavy_water_stock;130.1;t;2016-11-08;2016-11-09;GOV/2016/55
`

func (s *server) importFile(status int, has string, ask api.AskReadingImport) (out api.ReadingImport) {
	s.t.Helper()
	ask.Element = "T-1"
	body, err := json.Marshal(ask)
	if err != nil {
		s.t.Fatal(err)
	}
	if err := json.Unmarshal([]byte(s.want(status, has, "d.reyes", "POST", "/v1/g/0/import/observations", string(body))), &out); err != nil {
		s.t.Fatal(err)
	}
	return out
}

// TestAFileOfObservations: every rejected row is told, one of them keeps all here, what stands is not
// sent again, and what was sent can be taken back.
func TestAFileOfObservations(t *testing.T) {
	s := newServer(t)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [`+agreementT1+`, `+waterO1+`]}`)
	ask := api.AskReadingImport{File: []byte(waterCSV), Name: "Verification reports.csv"}
	out := s.importFile(200, "", ask)
	if out.Problem != "" || out.Rows != 4 || out.Ready != 3 || out.Rejected != 1 || out.Rejects[0].Row != 4 || len(out.Sample) != 3 || len(out.Sent) != 0 || out.Acts != 1 {
		t.Fatalf("%+v\n%+v", out, out.Mapping)
	}
	if o := s.obligation("?on=2016-11-10"); o.Verdict != act.CannotTell {
		t.Fatal("a preview has sent something")
	}
	ask.Apply, ask.Mapping = true, out.Mapping
	s.importFile(422, `"rule":"rejects"`, ask)
	ask.LeaveOut = true
	sent := s.importFile(200, "", ask)
	if len(sent.Sent) != 1 || sent.Sent[0].Readings != 3 {
		t.Fatalf("%+v", sent)
	}
	if o := s.obligation("?on=2016-11-10"); o.Verdict != act.Exceeded || len(o.Points) != 3 {
		t.Fatalf("%+v", o.Finding)
	}
	if again := s.importFile(200, "", ask); again.Already != 3 || again.Ready != 0 || len(again.Sent) != 0 {
		t.Fatalf("%+v", again)
	}
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/observations/takeback", `{"element": "T-1", "batches": ["`+sent.Sent[0].ID.String()+`"]}`)
	if o := s.obligation("?on=2016-11-10"); o.Verdict != act.CannotTell || len(o.Gone) != 3 {
		t.Fatalf("%+v", o.Finding)
	}
	if again := s.importFile(200, "", ask); again.Ready != 3 || len(again.Sent) != 1 {
		t.Fatalf("%+v", again)
	}
}

// TestFilesThatAreRefused say what is wrong, and nothing is sent.
func TestFilesThatAreRefused(t *testing.T) {
	s := newServer(t)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [`+agreementT1+`, `+waterO1+`]}`)
	before := s.want(200, "", "d.reyes", "GET", "/v1/g/0/log?party=US", "")
	for rule, ask := range map[string]api.AskReadingImport{
		"file":    {File: []byte("PK\x03\x04 and no workbook"), Apply: true},
		"mapping": {File: []byte("one,two\n1,2\n"), Apply: true},
		"rejects": {File: []byte(waterCSV), Apply: true},
		"empty":   {File: []byte("quantity,value,unit,as of,source\n"), Apply: true},
		"day":     {File: []byte("quantity,value,unit,as of,source\nheavy_water_stock,1,t,2990-01-01,x\n"), Apply: true},
	} {
		s.importFile(422, `"rule":"`+rule+`"`, ask)
	}
	if out := s.importFile(200, "", api.AskReadingImport{File: []byte("one,two\n1,2\n")}); out.Problem == "" || len(out.Columns) != 2 {
		t.Errorf("a preview says what the mapping lacks: %+v", out)
	}
	s.want(404, "", "k.moore", "POST", "/v1/g/0/import/observations", `{"element": "T-1", "file": ""}`)
	if after := s.want(200, "", "d.reyes", "GET", "/v1/g/0/log?party=US", ""); after != before {
		t.Error("something was written")
	}
}

// TestALargeFileIsOneSending: so many rows that they take many acts go together.
func TestALargeFileIsOneSending(t *testing.T) {
	s := newServer(t)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [`+agreementT1+`, `+waterO1+`]}`)
	file := largeCSV(5000)
	out := s.importFile(200, "", api.AskReadingImport{File: file, Apply: true})
	n := 0
	for _, b := range out.Sent {
		n += b.Readings
	}
	if len(out.Sent) < 4 || n != 5000 || out.Acts != len(out.Sent) {
		t.Fatalf("%d acts, %d readings", len(out.Sent), n)
	}
	var log struct{ Entries []json.RawMessage }
	if err := json.Unmarshal([]byte(s.want(200, "", "d.reyes", "GET", "/v1/g/0/log?party=US", "")), &log); err != nil {
		t.Fatal(err)
	}
}

func largeCSV(rows int) []byte {
	var b strings.Builder
	b.WriteString("quantity,value,unit,as of,reported,source,document,grade\n")
	day := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
	for i := range rows {
		on := day.AddDate(0, 0, i%6000).Format(time.DateOnly)
		fmt.Fprintf(&b, "heavy_water_stock,%d.%d,t,%s,%s,Quarterly report,GOV/%d,B2\n", 100+i/10, i%10+1, on, on, i/400)
	}
	return []byte(b.String())
}

// TestAFileOfResults: what was reached becomes observations, what is aimed at obligations, once.
func TestAFileOfResults(t *testing.T) {
	s := newServer(t)
	s.want(200, "", "d.reyes", "POST", "/v1/g/0/acts", `{"acts": [`+agreementT1+`]}`)
	file, err := os.ReadFile("../export/iati/testdata/water.xml")
	if err != nil {
		t.Fatal(err)
	}
	// As of the test's clock it was two years ago.
	past := strings.NewReplacer("2019-", "2017-", "2018-", "2016-", "2017-", "2015-", "2016-", "2014-").Replace(string(file))
	ask := api.AskReadingImport{File: []byte(past), LeaveOut: true}
	out := s.importFile(200, `"form":"iati"`, ask)
	if out.Ready == 0 || len(out.Targets) == 0 || out.Targets[0].Ref != "" || out.Acts != 1 {
		t.Fatalf("%+v", out)
	}
	ask.Apply, ask.Targets = true, true
	sent := s.importFile(200, "", ask)
	if len(sent.Sent) != 1 || len(sent.Targets) != len(out.Targets) || sent.Targets[0].Ref != "O-1.1" {
		t.Fatalf("%+v", sent)
	}
	s.want(200, `"verdict":`, "d.reyes", "GET", "/v1/g/0/monitor/O-1.1", "")
	if again := s.importFile(200, "", ask); again.Already != out.Ready || len(again.Sent) != 0 || len(again.Targets) != 0 {
		t.Fatalf("%+v", again)
	}
	s.importFile(422, `"rule":"file"`, api.AskReadingImport{File: []byte("<html></html>")})
}
