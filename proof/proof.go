// Package proof is the file that a stranger checks: everything that a group's parties have signed,
// and the document that it is about, in one `*.entente` file.
//
// Whoever holds the file, and the parties' cards from somewhere else, needs nothing more: no
// server, no network, no clock. The package reads no disk either: readers, writers and cards are
// handed in. It imports public packages only, so that another ministry's program can do the same.
//
// It is not the exchange between parties (that sends only what is lacking), and not a backup: it
// holds no secret, nothing of persons but what the logs say, and nothing of other groups.
//
// # Format
//
// Lines of ASCII, each ended by a newline, some followed by as many bytes as they say
// (docs/spec/proof.md):
//
//	entente proof v1
//	about D-1 <revision id in hexadecimal>     or: about plan
//	                                           or the three lines of a claim, see Claim
//	charter <bytes>                            then the charter
//	card <bytes>                               then a card; none, some or all, by ordinal
//	log <ordinal> <epoch> <entries> <bytes>    then the signed note, with its cosignatures
//	bundle <bytes>                             then an entry bundle, and 4 bytes a leaf: its mark
//	end
//
// Logs stand in order of ordinal and epoch, none is left out between; after each its bundles, as
// C2SP tlog-tiles writes them, 256 leaves each but the last. A mark is the first four bytes of the
// leaf's hash. Marks prove nothing: they let a reader say which entry was altered.
//
// # Invariants
//
//   - What Read takes, Write writes again to the same bytes; nothing stands after the end.
//   - Read trusts no length: it allocates little more than has come.
//   - Every byte is covered: by a signature, by a hash that is signed, or by the one form that a
//     file can have. A file with any byte changed is refused or fails a check, and says where.
//   - Nobody's word can make a valid proof invalid later: entries that break a rule, or that speak
//     of what is not here, are told of and change no verdict.
//
// # Example
//
//	report := proof.Examine(file, cards...)
//	for _, c := range report.Checks { fmt.Println(c.Result, c.Sentence, c.Detail) }
package proof

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"

	"entente/act"
	"entente/group"
	"entente/ledger"
	"entente/party"
)

// Bounds of what is read. Sizes are in bytes.
const (
	// MaxFile is the greatest size of a proof file. Reading one takes that much memory, and about
	// 200 bytes an entry to check it.
	MaxFile = 1 << 30
	// MaxEntries is the greatest number of entries in one file, over all logs.
	MaxEntries = 1 << 22
	// MaxLogs is the greatest number of logs in one file: forty parties, each begun anew some 25 times.
	MaxLogs = 1024
	// MaxTexts is how much rendered text a Report carries; where there is more, it carries the
	// digests alone.
	MaxTexts = 16 << 20
	// MaxListed is the greatest length of each of a Report's lists of amendments and reservations,
	// and of the places of one check.
	MaxListed = 200
)

// planDomain separates the hash in a whole plan's number from all other uses of SHA-256.
const planDomain = "entente plan number v1\n"

// A Subject is what a file is about: one exact revision of a document, or, where both fields are
// zero, the whole plan.
type Subject struct {
	Document act.Ref  // such as D-1
	Revision act.Hash // the revision's id
}

// IsPlan reports whether the subject is the whole plan.
func (s Subject) IsPlan() bool { return s == Subject{} }

// A Log is one log of the group, whole up to its checkpoint.
type Log struct {
	Party  uint8 // ordinal in the charter
	Epoch  uint32
	Note   []byte   // the signed checkpoint, with its cosignatures
	Leaves []string // every entry, as encoded
	marks  []byte   // as read; none in a File made by hand
}

// A File is a proof file taken apart, nothing of it verified.
type File struct {
	About   Subject
	Claim   *Claim       // of a file about a verdict, whose Subject is then zero; otherwise nil
	Charter string       // canonical bytes
	Cards   []party.Card // in order of ordinal; each is signed by its own key and proves no more
	Logs    []Log        // in order of party and epoch
	bytes   int64        // as read
}

// Entries counts the entries of all logs.
func (f File) Entries() int {
	n := 0
	for _, l := range f.Logs {
		n += len(l.Leaves)
	}
	return n
}

// Number is the number of a document's revision, to be compared by voice or in print: its id as
// party.NumberOf makes a number of it. It stands for every word of the document: the id covers
// the exact revisions that the document contains and the digest of its text in each language.
func Number(revision act.Hash) party.Number { return party.NumberOf(revision) }

// PlanNumber is the number of a whole plan as of these logs: party.NumberOf of the SHA-256 over
// "entente plan number v1\n", the group id, and for every log its party (one byte), epoch (32 bits,
// big-endian), size (64 bits, big-endian) and root.
func PlanNumber(group act.Hash, books []*ledger.Book) party.Number {
	return party.NumberOf(sumOf(planDomain, group[:], books))
}

// sumOf is the SHA-256 over a domain, what is in front, and the heads of logs.
func sumOf(domain string, front []byte, books []*ledger.Book) [32]byte {
	h := sha256.New()
	h.Write([]byte(domain))
	h.Write(front)
	for _, b := range books {
		root, _ := b.Root(b.Size())
		head := []byte{b.Log().Party}
		head = binary.BigEndian.AppendUint32(head, b.Log().Epoch)
		head = binary.BigEndian.AppendUint64(head, b.Size())
		h.Write(append(head, root[:]...))
	}
	return [32]byte(h.Sum(nil))
}

// check says what is wrong with the shape of a file, and gives its charter.
func (f File) check() (group.Charter, error) {
	c, err := group.Parse(f.Charter)
	if err != nil {
		return c, err
	}
	for _, m := range c.Parties {
		if m.Invited() {
			return c, fmt.Errorf("%s stands in the charter without a key: anybody could sign for it", m.Code)
		}
	}
	if f.About.Document == "" != f.About.Revision.IsZero() {
		return c, fmt.Errorf("a file is about a document and one revision of it, or about the whole plan")
	}
	if f.Claim != nil {
		if err := f.Claim.check(); err != nil {
			return c, err
		}
		if !f.About.IsPlan() {
			return c, fmt.Errorf("a file is about a document or about a verdict, not about both")
		}
	}
	for i, card := range f.Cards {
		if _, err := party.ParseCard(card.Bytes()); err != nil {
			return c, err
		}
		p, known := c.Ordinal(card.Code)
		if !known {
			return c, fmt.Errorf("the card of %s is of no party of the group", card.Code)
		}
		if i > 0 {
			if before, _ := c.Ordinal(f.Cards[i-1].Code); before >= p {
				return c, fmt.Errorf("the card of %s is out of order, or there twice", card.Code)
			}
		}
	}
	if len(f.Logs) > MaxLogs || f.Entries() > MaxEntries {
		return c, fmt.Errorf("%d logs with %d entries; the limits are %d and %d", len(f.Logs), f.Entries(), MaxLogs, MaxEntries)
	}
	for i := range f.Logs {
		if err := f.checkLog(c, i); err != nil {
			return c, err
		}
	}
	return c, nil
}

func (f File) checkLog(c group.Charter, i int) error {
	l := &f.Logs[i]
	if int(l.Party) >= len(c.Parties) {
		return fmt.Errorf("a log is of a party with ordinal %d, and the group has %d", l.Party, len(c.Parties))
	}
	want := uint32(0)
	if i > 0 && f.Logs[i-1].Party == l.Party {
		want = f.Logs[i-1].Epoch + 1
	} else if i > 0 && f.Logs[i-1].Party > l.Party {
		return fmt.Errorf("the log of %s is out of order", c.Code(l.Party))
	}
	if l.Epoch != want {
		return fmt.Errorf("%s: epoch %d where epoch %d is expected", c.Code(l.Party), l.Epoch, want)
	}
	if len(l.Leaves) == 0 {
		return fmt.Errorf("%s: a log without entries", c.Code(l.Party))
	}
	return nil
}
