package proof

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"entente/act"
	"entente/group"
	"entente/ledger"
	"entente/party"
)

// A logCheck is one log of a file, hashed and compared with its checkpoint.
type logCheck struct {
	code   party.Code
	book   *ledger.Book
	signed ledger.Signed // zero where the note is not the party's
	note   error         // why it is not
	marked []uint64      // entries that are not what their marks say
	size   bool          // there are as many entries as were signed
	root   bool          // and they are those
}

// hash hashes every log, several at a time.
func (f File) hash(c group.Charter) []logCheck {
	out := make([]logCheck, len(f.Logs))
	keys := signingKeys(c)
	queue := make(chan int, len(f.Logs))
	for i := range f.Logs {
		queue <- i
	}
	close(queue)
	var wg sync.WaitGroup
	for range min(runtime.GOMAXPROCS(0), len(f.Logs)) {
		wg.Go(func() {
			for i := range queue {
				l := &f.Logs[i]
				out[i] = l.hash(group.IDOf(f.Charter), keys[l.Party], c.Code(l.Party))
			}
		})
	}
	wg.Wait()
	return out
}

func (l *Log) hash(id act.Hash, key ed25519.PublicKey, code party.Code) logCheck {
	k := logCheck{code: code, book: ledger.NewBook(ledger.Log{Group: id, Party: l.Party, Epoch: l.Epoch}, key)}
	k.book.Hold(l.Leaves)
	for i := uint64(0); len(l.marks) > 0 && i < k.book.Size(); i++ {
		h := k.book.LeafHash(i)
		if string(h[:markSize]) != string(l.marks[markSize*i:markSize*(i+1)]) {
			k.marked = append(k.marked, i)
		}
	}
	if k.signed, k.note = ledger.Open(key, k.book.Origin(), l.Note); k.note != nil {
		return k
	}
	want := k.signed.Checkpoint()
	root, _ := k.book.Root(k.book.Size())
	k.size = want.Size == k.book.Size()
	k.root = k.size && want.Root == root
	return k
}

// where is the log as a whole.
func (k *logCheck) where() Where { return Where{Party: k.code, Epoch: k.book.Log().Epoch} }

// entry is one entry of the log.
func (k *logCheck) entry(i uint64) Where {
	w := k.where()
	w.Entries = []uint64{i}
	return w
}

// signatures checks that every party of the group signed its logs.
func (v *verifier) signatures() bool {
	c := Check{Name: CheckSignatures, Result: OK, Sentence: "Every log is signed by its party."}
	for i := range v.logs {
		k := &v.logs[i]
		v.report.Logs = append(v.report.Logs, LogState{Party: k.code, Epoch: k.book.Log().Epoch, Entries: int(k.book.Size())})
		if k.note == nil {
			c.Where = append(c.Where, Where{Party: k.code, Epoch: k.book.Log().Epoch, Entries: span(0, k.book.Size())})
			continue
		}
		if c.Result == OK {
			c.Result, c.Sentence, c.Where = Failed, "A log is not signed by its party.", nil
			c.tell("The checkpoint of %s: %s.", k.code, reason(k.note))
		}
	}
	if c.Result == Failed {
		for i := range v.logs {
			if v.logs[i].note != nil {
				c.Where = append(c.Where, v.logs[i].where())
			}
		}
	}
	if len(v.logs) == 0 {
		c.Result, c.Sentence = Failed, "There are no logs in the file."
	}
	if c.Result == Failed {
		if other, where := v.otherCharter(); other != "" {
			c.Detail = other
			c.Where = append(where, c.Where...)
		}
	}
	v.report.add(c)
	return c.Result == OK
}

func span(from, to uint64) []uint64 {
	if from+1 >= to {
		return []uint64{from}
	}
	return []uint64{from, to - 1}
}

// reason is why a note was not believed, without what to do about it.
func reason(err error) string {
	var n *ledger.NoteError
	if errors.As(err, &n) {
		return n.Why
	}
	return err.Error()
}

// entries checks that every entry is the one that was signed.
func (v *verifier) entries() bool {
	c := Check{Name: CheckLogs, Result: OK, Sentence: "Every entry stands in its log, unaltered."}
	places := v.paragraphs()
	for i := range v.logs {
		k := &v.logs[i]
		switch {
		case k.note != nil && len(k.marked) == 0:
			continue // nothing that was signed to compare with
		case k.root && len(k.marked) == 0:
			continue
		}
		if c.Result == OK {
			c.Result, c.Sentence = Failed, "An entry is not the one that was signed."
			v.alteration(&c, k)
		}
		c.Where = append(c.Where, v.altered(k, places)...)
	}
	if c.Result == OK {
		c.Where = nil
	}
	if c.Result == OK && v.report.Failed > 0 && !v.anySigned() {
		c.Result, c.Sentence, c.Detail = Skipped, "The entries were not compared.", "There is no signed checkpoint to compare them with."
	}
	v.report.add(c)
	return c.Result == OK
}

func (v *verifier) anySigned() bool {
	for i := range v.logs {
		if v.logs[i].note == nil {
			return true
		}
	}
	return false
}

// alteration says in what way a log is not what was signed.
func (v *verifier) alteration(c *Check, k *logCheck) {
	switch {
	case k.note != nil || k.root:
		c.Detail = "The mark of an entry is not that of the entry: one of the two was changed."
	case !k.size:
		c.tell("%s signed %s, and here are %d.", k.code, count(int(k.signed.Size()), "entry", "entries"), k.book.Size())
	default:
		c.tell("The entries of %s do not amount to the root that it signed.", k.code)
	}
}

// epochs checks where logs begin, and that a later epoch continues the one before.
func (v *verifier) epochs() {
	c := Check{Name: CheckEpochs, Result: OK, Sentence: "Every log begins with the charter, and goes on where it ended."}
	for i := range v.logs {
		k := &v.logs[i]
		a, err := act.Decode(k.book.Leaf(0))
		if k.book.Log().Epoch == 0 {
			if b, ok := a.Body.(act.Constitute); (err != nil || !ok || b.Charter != v.file.Charter) && c.Result == OK {
				c.Result, c.Sentence = Skipped, "A log does not begin with the charter."
				c.tell("The first entry of %s does not give the charter of the group. Its checkpoint names the group all the same.", k.code)
				c.Where = append(c.Where, k.entry(0))
			}
			continue
		}
		before := v.logs[i-1].book
		b, ok := a.Body.(act.Resume)
		root, here := before.Root(b.Size)
		if err == nil && ok && b.Epoch == before.Log().Epoch && b.Size == before.Size() && here && root == b.Root {
			continue
		}
		if c.Result != Failed {
			c.Result, c.Sentence, c.Where = Failed, "A log was begun anew elsewhere than where it had ended.", nil
			c.tell("The first entry of epoch %d of %s does not name the %d entries of the epoch before it, and their root.", k.book.Log().Epoch, k.code, before.Size())
		}
		c.Where = append(c.Where, k.entry(0))
	}
	v.report.add(c)
}

// cosignatures checks the cosignatures, and who has not cosigned.
func (v *verifier) cosignatures() {
	c := Check{Name: CheckCosignatures, Result: OK, Sentence: "Every log is cosigned by every other party."}
	keys := signingKeys(v.charter)
	var absent []string
	for i := range v.logs {
		k := &v.logs[i]
		if k.note != nil {
			continue
		}
		by, err := k.signed.Cosigners(keys)
		if err != nil {
			if c.Result != Failed {
				c.Result, c.Sentence, c.Where = Failed, "A cosignature is wrong.", nil
				c.tell("The checkpoint of %s: %s.", k.code, reason(err))
			}
			c.Where = append(c.Where, k.where())
			continue
		}
		for _, o := range by {
			v.report.Logs[i].Cosigned = append(v.report.Logs[i].Cosigned, Cosigning{v.charter.Code(o.Party), o.At.UnixMilli()})
		}
		if lacks := v.absent(i, by); len(lacks) > 0 {
			absent = append(absent, fmt.Sprintf("%s has not been cosigned so far by %s", k.code, list(lacks)))
			if c.Result != Failed {
				c.Where = append(c.Where, k.where())
			}
		}
	}
	if c.Result == OK && len(absent) > 0 {
		c.Result, c.Sentence = Skipped, "Not every log is cosigned by every other party, as far as it goes here."
		c.tell("The log of %s. The party's own signature stands under it.", absent[0])
	}
	if len(v.charter.Parties) == 1 {
		c.Detail = "The group has one party."
	}
	v.report.add(c)
}

// absent lists the parties that have neither cosigned a log nor named it, as long as it is here,
// in an entry of their own.
func (v *verifier) absent(i int, by []ledger.Cosigned) (out []party.Code) {
	k := &v.logs[i]
next:
	for q := range v.charter.Parties {
		if uint8(q) == k.book.Log().Party {
			continue
		}
		for _, o := range by {
			if int(o.Party) == q {
				continue next
			}
		}
		if v.state != nil && v.state.Rule().SeenBy(uint8(q), k.book.Log().Party) >= v.shelf.after(k.book) {
			continue
		}
		out = append(out, v.charter.Code(uint8(q)))
	}
	return out
}
