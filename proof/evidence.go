package proof

import (
	"crypto/ed25519"
	"errors"
	"fmt"
	"io"

	"entente/ledger"
	"entente/party"
)

const evidenceHeader = "entente evidence v1\n"

// examineEvidence judges a file of evidence: two checkpoints of one log that cannot both be true.
// It names no key, so that only a card says whose log it is.
func examineEvidence(r io.Reader, cards []party.Card) Report {
	file, err := io.ReadAll(io.LimitReader(r, ledger.MaxEvidence+1))
	if err != nil {
		return unreadable(fmt.Errorf("the file could not be read: %w. Nothing of it was used", err))
	}
	ev, err := ledger.ParseEvidence(file)
	if err != nil {
		return unreadable(&Damage{Why: reason(err)})
	}
	rep := Report{Kind: KindEvidence, Bytes: int64(len(file))}
	a, b := ev.Claims()
	whole := Check{Name: CheckFile, Result: OK, Sentence: "The file is whole."}
	whole.tell("Two checkpoints of one log, of %s and %s.", count(int(a.Size), "entry", "entries"), count(int(b.Size), "entry", "entries"))
	rep.add(whole)
	caught, why := catch(ev, a, b, cards)
	rep.blame(caught, why, len(cards), a, b)
	return rep
}

// catch finds the card whose key signed both checkpoints. why is nil where there is one, and the
// last reason why not otherwise.
func catch(ev ledger.Evidence, a, b ledger.Checkpoint, cards []party.Card) (who party.Card, why error) {
	why = errors.New("no card was given")
	for _, c := range cards {
		if why = ev.Verify(c.Signing); why == nil {
			return c, nil
		}
		if signedBy(c.Signing, ev, a) {
			return c, why // its log, but no fork
		}
	}
	return party.Card{}, why
}

func signedBy(key ed25519.PublicKey, ev ledger.Evidence, a ledger.Checkpoint) bool {
	_, errA := ledger.Open(key, a.Origin, ev.A)
	_, errB := ledger.Open(key, a.Origin, ev.B)
	return errA == nil && errB == nil
}

func (r *Report) blame(who party.Card, why error, given int, a, b ledger.Checkpoint) {
	keys := Check{Name: CheckKeys, Result: OK, Sentence: fmt.Sprintf("Both checkpoints are signed with the key on the card of %s.", who.Code)}
	fork := Check{Name: CheckFork, Result: OK, Sentence: "They cannot both be true."}
	if a.Size == b.Size {
		fork.tell("Both are of %s, and the entries are not the same.", count(int(a.Size), "entry", "entries"))
	} else {
		fork.tell("The longer log does not begin with the %s of the shorter one.", count(int(a.Size), "entry", "entries"))
	}
	r.Needs = []string{}
	switch {
	case who.Code == "" && given > 0:
		keys.Result, keys.Sentence = Failed, "The two checkpoints are not both signed with a key on the cards that you gave."
		keys.Detail = sentence(reason(why))
		fork.Result, fork.Sentence, fork.Detail = Skipped, "The two checkpoints were not compared.", ""
		r.Answer = "No. " + keys.Sentence
		r.Proves = []string{}
	case who.Code == "":
		keys.Result, keys.Sentence = Skipped, "Whose log it is is not known."
		keys.Detail = "The file names no party. Give the card of the party that it is about."
		fork.Result, fork.Sentence, fork.Detail = Skipped, "The two checkpoints were not compared.", ""
		r.Answer = "Not shown. Give the card of the party that the file is about."
		r.Proves, r.Needs = []string{}, []string{"Whose log it is: only the party's card tells."}
	case why != nil:
		fork.Result, fork.Sentence, fork.Detail = Failed, "They do not contradict each other.", sentence(reason(why))
		r.Answer = fmt.Sprintf("No. It does not show that %s signed two histories.", who.Code)
		r.Proves = []string{}
	default:
		r.Valid = true
		r.Answer = fmt.Sprintf("Yes. %s signed two histories of one log.", who.Code)
		r.Proves = []string{fmt.Sprintf("The owner of the key on the card of %s signed two histories of one log that cannot both be true.", who.Code)}
		r.Needs = []string{"Why: it may be tampering, or a server that was restored from an old copy and went on writing."}
		r.Parties = []Party{{Code: who.Code, Names: who.Names, Signing: who.Signing, Number: who.Number().String(), Compared: true}}
	}
	r.add(keys)
	r.add(fork)
}
