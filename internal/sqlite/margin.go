package sqlite

import (
	"context"

	"entente/act"
	"entente/internal/national"
)

const marginApplication = 0x456e744d // "EntM"

// MarginFile is the name of the file of the party's national margin in its data folder.
const MarginFile = "margin.db"

// marginSchema keeps every revision of every entry; none is ever changed. Times are unix
// milliseconds, what an entry says is JSON.
const marginSchema = `
CREATE TABLE entries (
	grp BLOB NOT NULL, number INTEGER NOT NULL, revision INTEGER NOT NULL,
	field TEXT NOT NULL, element TEXT NOT NULL, person TEXT NOT NULL, at INTEGER NOT NULL, ended INTEGER NOT NULL, body BLOB NOT NULL,
	PRIMARY KEY (grp, number, revision)
) STRICT, WITHOUT ROWID;
`

// Margin is the file of the party's national margin: a [national.Store]. It is a file of its own,
// so that whatever reads the others has none of it in hand.
type Margin struct{ *file }

var _ national.Store = (*Margin)(nil)

// OpenMargin opens the file of the national margin, or makes it. The folder must exist.
func OpenMargin(ctx context.Context, path string) (*Margin, error) {
	f, err := openFile(ctx, path, layout{marginApplication, marginSchema, nil})
	if err != nil {
		return nil, err
	}
	return &Margin{f}, nil
}

// Add is national.Store's. It is carried out even where ctx ends meanwhile.
func (m *Margin) Add(ctx context.Context, group act.Hash, e national.Entry) error {
	p := Party{m.file}
	return p.exec(ctx, do(`INSERT INTO entries (grp, number, revision, field, element, person, at, ended, body) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
		group[:], int64(e.Number), e.Revision, string(e.Field), string(e.Element), string(e.By), millis(e.At), e.Ended, national.FormatBody(e.Body)))
}

// A row of the margin's table.
type marginRow struct {
	group act.Hash
	entry national.Entry
}

// Each is national.Store's.
func (m *Margin) Each(ctx context.Context, take func(group act.Hash, e national.Entry) error) error {
	rows, err := many(ctx, m.file, readMarginRow, "SELECT grp, number, revision, field, element, person, at, ended, body FROM entries ORDER BY grp, number, revision")
	if err != nil {
		return err
	}
	for _, r := range rows {
		if err := take(r.group, r.entry); err != nil {
			return err
		}
	}
	return nil
}

func readMarginRow(r scanner) (row marginRow, err error) {
	var number int64
	var field string
	var body []byte
	e := &row.entry
	if err = r.Scan(fixed(row.group[:]), &number, &e.Revision, &field, &e.Element, &e.By, moment{&e.At}, &e.Ended, &body); err != nil {
		return row, err
	}
	e.Number = uint64(number)
	if e.Field, err = national.ParseField(field); err != nil {
		return row, err
	}
	if e.Body, err = national.ParseBody(body); err != nil {
		return row, err
	}
	return row, e.Check()
}
