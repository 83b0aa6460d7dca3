// Package compliance says how it stands with obligations: what is observed, what follows from it,
// and what would have to be known to say more.
//
// Everything here is computed from the acts of a group (package plan) and from readings of the
// national margin that are handed in. Nothing is stored and nothing is signed: a verdict is a
// function of acts and of a [Moment], and comes out the same at every node that holds the same acts.
//
// It is pure and quiet: no clock, no randomness, no network, no disk, no goroutine. The day that a
// verdict is of is handed in.
//
// # What there is
//
//   - A [Book] holds what is observed in one group, in sorted columns, and follows the plan.
//   - A [Rule] is an obligation's rule: CEL in canonical form, which is the one source of truth. The
//     words that are shown are of the rule itself.
//   - A [Finding] is what the readings and the rule amount to at a Moment: a [Verdict], why, and the
//     episodes in which the obligation was not kept.
//   - [Obligation], [Board] and [Programme] are what pages, the API and the command line show.
//
// # How a verdict is found
//
// Of the readings that are known at the Moment and still stand, those of one day are one point: what
// one party says of a day is what its readings of it have in common or, where they have nothing in
// common, all that lies between them. Readings below the grade that the obligation asks for decide
// nothing; but one of them that would break the rule leaves it untold. Where what two parties say of
// a day has nothing in common, the rule is asked once in each party's words, and where the answers
// differ, the verdict is disputed. A bound is a bound: “did not exceed 300” does not say that 295 was
// not passed. Readings in another unit are converted only by what the agreement states.
//
// Days are calendar days in UTC, counted from 1970-01-01.
//
// # Invariants
//
//   - Same acts, same Moment, same findings, whatever the order in which the readings were entered.
//   - A reading changes no verdict of a day before the day it is of.
//   - No float is multiplied and added in one expression: every machine gives the same digits.
//   - A hostile rule, reading or procedure costs what the bounds here allow, and never panics.
//
// # Example
//
//	book := compliance.NewBook(state)
//	book.Advance(state, touched)
//	o, ok := book.Obligation(state, "O-3", compliance.Today("2017-12-12"), self)
//	fmt.Println(o.Verdict, o.Headline)
package compliance
