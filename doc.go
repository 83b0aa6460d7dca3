// Package entente is the root of the house and holds no code. Entente keeps one
// joint work plan between parties that each run their own server: the program
// is cmd/entente; the packages beside this file are what a stranger needs to
// read and verify a plan (text, party, marking, act, group, ledger, accord,
// plan, proof); what only a server needs is under internal. Which package may
// import which, and how large anything may grow, is kept by TestHouse.
package entente
