package workload

import (
	"cmp"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"

	"entente/act"
	"entente/group"
	"entente/marking"
	"entente/party"
	"entente/text"
)

// firstDay begins the history: 1 January 2026, in seconds since 1970.
const firstDay = 1_767_225_600

// codes are of the parties, in order of joining; no two look alike.
const codes = `US IL EG JO SA AE QA KW BH OM TR CY GR IT FR DE GB ES PT NL BE AT CH SE NO FI DK PL CZ HU RO BG
JP KR IN AU CA MX BR AR`

// persons write for every party; the first is the head of the delegation.
const persons = "d.reyes m.haddad a.cohen r.okafor l.svensson t.barak"

// cast makes the parties of a seed.
func cast(seed uint64, n int) ([]Member, error) {
	var key [32]byte
	binary.BigEndian.PutUint64(key[:], seed)
	random := rand.NewChaCha8(key)
	names := strings.Fields(codes)
	out := make([]Member, n)
	for i := range out {
		keys, err := party.NewKeys(random)
		if err != nil {
			return nil, err
		}
		code := party.Code(names[i])
		out[i] = Member{keys, keys.Card(code, both("Party "+names[i], "צד "+names[i]), []text.Lang{"en", "he"}, "")}
	}
	return out, nil
}

// both is a text in the two languages of a workload.
func both(en, he string) text.Texts {
	return text.Texts{{Lang: "en", Text: en}, {Lang: "he", Text: he}}
}

// charterOf makes the charter of one group.
func charterOf(seed uint64, i int, plenary act.Hash, members []Member) group.Charter {
	c := group.Charter{
		Number: uint32(i), Name: both(fmt.Sprintf("Group %d", i), fmt.Sprintf("קבוצה %d", i)),
		Plan: both("Workload", "עומס"), Languages: []text.Lang{"en", "he"}, Ceiling: marking.New(marking.Amber),
		Plenary: plenary, Convened: firstDay * 1000,
	}
	binary.BigEndian.PutUint64(c.Nonce[:], seed)
	c.Nonce[15] = byte(i)
	for _, m := range members {
		c.Parties = append(c.Parties, group.Member{Code: m.Card.Code, Names: m.Card.Names, Signing: m.Card.Signing, Zone: "Etc/UTC"})
	}
	return c
}

// delegation is whom every party sends.
func delegation() act.Accredit {
	var out act.Accredit
	for i, p := range strings.Fields(persons) {
		powers := act.MayPropose | act.MayAccept | act.MayRemark
		role := both("Expert", "מומחה")
		if i == 0 {
			powers |= act.MayConvene
			role = both("Head of delegation", "ראש המשלחת")
		}
		out.Delegates = append(out.Delegates, act.Delegate{Person: party.Person(p), Name: both("Delegate "+p, "חבר "+p), Role: role, Powers: powers})
	}
	slices.SortFunc(out.Delegates, func(a, b act.Delegate) int { return cmp.Compare(a.Person, b.Person) })
	return out
}
