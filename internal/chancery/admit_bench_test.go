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
// one write and fsync of a file on the same disk, taken in turns with the acts.
func BenchmarkAdmit(b *testing.B) {
	g, who, dir := alone(b)
	f, err := os.Create(filepath.Join(dir, "floor"))
	if err != nil {
		b.Fatal(err)
	}
	defer f.Close()
	block := make([]byte, 4096)
	var took, floor time.Duration
	for i := 1; b.Loop(); i++ {
		start := time.Now()
		if _, err := g.Admit(context.Background(), who, chancery.Draft{Body: goal(act.Ref(fmt.Sprintf("G-%d", i)), "The Parties shall exchange their assessments.")}); err != nil {
			b.Fatal(err)
		}
		took += time.Since(start)
		start = time.Now()
		if _, err := f.Write(block); err != nil {
			b.Fatal(err)
		}
		if err := f.Sync(); err != nil {
			b.Fatal(err)
		}
		floor += time.Since(start)
	}
	b.ReportMetric(float64(took)/float64(floor), "x-floor")
}

const (
	writers = 64
	inTurn  = 20 // commits before it is the other's turn
)

// BenchmarkAdmit64 is 64 writers together. of-sqlite is the rate against SQLite alone, with 64 rows
// of the same size in one transaction each time, taken in turns: at least a half is asked for.
func BenchmarkAdmit64(b *testing.B) {
	g, who, dir := alone(b)
	raw := rawSQLite(b, dir)
	var took, floor time.Duration
	acts, commits := 0, uint64(0)
	for b.Loop() {
		floor += raw()
		version, start := g.Version(), time.Now()
		var wg sync.WaitGroup
		for w := range writers {
			wg.Go(func() {
				for i := range inTurn {
					ref := act.Ref(fmt.Sprintf("G-%d", (acts+i*writers+w)%900_000+1))
					if _, err := g.Admit(context.Background(), who, chancery.Draft{Body: goal(ref, "The Parties shall exchange their assessments.")}); err != nil {
						b.Error(err)
						return
					}
				}
			})
		}
		wg.Wait()
		took += time.Since(start)
		acts, commits = acts+writers*inTurn, commits+g.Version()-version
	}
	b.ReportMetric(float64(acts)/took.Seconds(), "acts/s")
	b.ReportMetric(float64(acts)/float64(commits), "acts/commit")
	b.ReportMetric(float64(floor)/float64(took), "of-sqlite")
}

// rawSQLite makes as many rows last in SQLite alone, 64 at a time, and says how long that took.
func rawSQLite(b *testing.B, dir string) func() time.Duration {
	b.Helper()
	db, err := sql.Open("sqlite", filepath.Join(dir, "raw.db")+"?_pragma=journal_mode(wal)&_pragma=synchronous(full)")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { db.Close() })
	if _, err := db.Exec("create table t (k integer primary key, v blob) strict"); err != nil {
		b.Fatal(err)
	}
	row := make([]byte, 250)
	round := func() error {
		tx, err := db.Begin()
		if err != nil {
			return err
		}
		defer tx.Rollback()
		st, err := tx.Prepare("insert into t (v) values (?)")
		if err != nil {
			return err
		}
		for range writers {
			if _, err := st.Exec(row); err != nil {
				return err
			}
		}
		return tx.Commit()
	}
	return func() time.Duration {
		start := time.Now()
		for range inTurn {
			if err := round(); err != nil {
				b.Fatal(err)
			}
		}
		return time.Since(start)
	}
}

var _ ledger.Store = (*sqlite.Group)(nil)
