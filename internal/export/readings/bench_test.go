package readings

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"time"

	"entente/internal/export/sheet"
)

// file makes a file of so many rows, each of another reading.
func file(rows int) string {
	var b strings.Builder
	b.WriteString("report_date,as_of_date,source,page,quantity,operator,value,unit,source_grade,information_grade,source_url,source_quote,note\n")
	for i := range rows {
		day := time.Date(2016, 1, 1+i%1000, 0, 0, 0, 0, time.UTC)
		fmt.Fprintf(&b, "%s,%s,Quarterly report %d,p. %d,heavy_water_stock_%d,%s,%d.%d,tonnes,B,2,https://example.org/report/%d,\"On that day, the stock was verified\",entry %d\n",
			day.AddDate(0, 0, 9).Format(time.DateOnly), day.Format(time.DateOnly), i%40, i%9, i%20, []string{"=", "<=", "<"}[i%3], 100+i%50, 1+i%9, i%40, i)
	}
	return b.String()
}

// parse is the floor: the file parsed and nothing else.
func parse(b *testing.B, src string) time.Duration {
	from := time.Now()
	r := csv.NewReader(strings.NewReader(src))
	for {
		if _, err := r.Read(); errors.Is(err, io.EOF) {
			return time.Since(from)
		} else if err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkImport: a file of 100,000 rows read, mapped, checked and cut into batches, against
// parsing it with encoding/csv in the same run. Asked: under 10.
func BenchmarkImport(b *testing.B) {
	const rows = 100_000
	src := file(rows)
	var floor, whole time.Duration
	for b.Loop() {
		floor += parse(b, src)
		from := time.Now()
		table, err := sheet.Read([]byte(src), sheet.Options{})
		if err != nil {
			b.Fatal(err)
		}
		p, err := Read(table, Suggest(table), Options{})
		if err != nil || len(p.Entries) != rows {
			b.Fatalf("%d entries, %v, %v", len(p.Entries), p.Rejects, err)
		}
		if n := len(p.Batches("T-1", nil)); n == 0 {
			b.Fatal("no batches")
		}
		whole += time.Since(from)
	}
	b.ReportMetric(float64(whole)/float64(floor), "x-floor")
	b.ReportMetric(float64(whole.Nanoseconds())/float64(b.N)/rows, "ns/row")
}
