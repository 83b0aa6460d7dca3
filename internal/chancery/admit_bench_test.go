package chancery_test

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"path/filepath"
	"sync"
	"testing"
	"time"

	_ "modernc.org/sqlite"

	"entente/act"
	"entente/group"
	"entente/internal/chancery"
	"entente/internal/chancery/memdesk"
	"entente/internal/sqlite"
	"entente/ledger"
	"entente/party"
	"entente/text"
)

// alone is a party on a real disk, in a group with one that never answers, so that nothing is
// adopted and each act is one entry.
func alone(b *testing.B) (*chancery.Group, chancery.Who, string) {
	b.Helper()
	dir := b.TempDir()
	keys, err := party.NewKeys(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	others, err := party.NewKeys(rand.Reader)
	if err != nil {
		b.Fatal(err)
	}
	ctx := context.Background()
	f := folder{path: dir, desk: memdesk.New()}
	card := keys.Card("US", names("United States"), []text.Lang{"en"}, "")
	silent := others.Card("IL", names("Israel"), []text.Lang{"en"}, "")
	if err := f.desk.PutCounterpart(ctx, chancery.CounterpartRow{Code: "IL", Card: silent.Bytes()}); err != nil {
		b.Fatal(err)
	}
	c, err := chancery.Open(ctx, chancery.Config{Keys: keys, Card: card, Desk: f.desk, Groups: f, Clock: time.Now, Random: rand.Reader})
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { c.Close() })
	owner := chancery.Who{Admin: true}
	g, err := c.Convene(ctx, owner, terms(group.Member{Code: "US", Names: card.Names, Signing: card.Signing},
		group.Member{Code: "IL", Names: silent.Names, Signing: silent.Signing}))
	if err != nil {
		b.Fatal(err)
	}
	if err := c.AddPerson(ctx, owner, chancery.PersonRow{ID: "d.reyes", Name: names("D. Reyes")}); err != nil {
		b.Fatal(err)
	}
	return g, chancery.Who{Person: "d.reyes"}, dir
}

// BenchmarkAdmit writes one act until it is durable, signed and visible. x-floor is the ratio to
// one write and fsync of a file on the same disk.
func BenchmarkAdmit(b *testing.B) {
	g, who, dir := alone(b)
	floor := fsyncFloor(b, dir)
	b.ResetTimer()
	start := time.Now()
	for i := range b.N {
		if _, err := g.Admit(context.Background(), who, chancery.Draft{Body: goal(act.Ref(fmt.Sprintf("G-%d", i+1)), "The Parties shall exchange their assessments.")}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(time.Since(start))/float64(b.N)/float64(floor), "x-floor")
}

func fsyncFloor(b *testing.B, dir string) time.Duration {
	b.Helper()
	f, err := os.Create(filepath.Join(dir, "floor"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	const n = 200
	block := make([]byte, 4096)
	start := time.Now()
	for range n {
		if _, err := f.Write(block); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
	}
	return time.Since(start) / n
}

const writers = 64

// BenchmarkAdmit64 is 64 writers together. of-sqlite is the rate against SQLite alone, with 64 rows
// of the same size in one transaction each time: at least a half is asked for.
func BenchmarkAdmit64(b *testing.B) {
	g, who, dir := alone(b)
	rows := rawSQLite(b, dir)
	b.ResetTimer()
	start, commits := time.Now(), g.Version()
	var wg sync.WaitGroup
	for w := range writers {
		wg.Go(func() {
			for i := w; i < b.N; i += writers {
				ref := act.Ref(fmt.Sprintf("G-%d", i%900_000+1))
				if _, err := g.Admit(context.Background(), who, chancery.Draft{Body: goal(ref, "The Parties shall exchange their assessments.")}); err != nil {
					b.Error(err)
					return
				}
			}
		})
	}
	wg.Wait()
	rate := float64(b.N) / time.Since(start).Seconds()
	b.ReportMetric(rate, "acts/s")
	b.ReportMetric(float64(b.N)/float64(g.Version()-commits), "acts/commit")
	b.ReportMetric(rate/rows, "of-sqlite")
}

// rawSQLite is how many rows a second SQLite alone makes last, 64 at a time.
func rawSQLite(b *testing.B, dir string) float64 {
	b.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "raw.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	if err != nil {
		b.Fatal(err)
	}
	defer db.Close()
	if _, err := db.Exec("create table t (k integer primary key, v blob) strict"); err != nil {
		b.Fatal(err)
	}
	const rounds = 50
	row := make([]byte, 250)
	start := time.Now()
	for range rounds {
		tx, err := db.Begin()
		if err != nil {
			b.Fatal(err)
		}
		st, err := tx.Prepare("insert into t (v) values (?)")
		if err != nil {
			b.Fatal(err)
		}
		for range writers {
			if _, err := st.Exec(row); err != nil {
				b.Fatal(err)
			}
		}
		if err := tx.Commit(); err != nil {
			b.Fatal(err)
		}
	}
	return rounds * writers / time.Since(start).Seconds()
}

var _ ledger.Store = (*sqlite.Group)(nil)
