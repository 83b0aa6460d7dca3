package chancery_test

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"reflect"
	"strings"
	"testing"

	"entente/act"
	"entente/internal/chancery"
	"entente/text"
)

// TestEveryTextOfAnActIsSeenByTheGuard fills every text of every kind of act that a person can send,
// and looks for each in what the guard is asked about.
func TestEveryTextOfAnActIsSeenByTheGuard(t *testing.T) {
	for _, body := range []act.Body{act.Accredit{}, act.Table{}, act.Accept{}, act.Withdraw{}, act.Remark{}, act.Report{}, act.Refer{}, act.Calendar{}, act.Sit{}, act.Certify{}, act.Attest{}, act.Dispute{}} {
		v := reflect.New(reflect.TypeOf(body)).Elem()
		planted := plant(v, reflect.TypeOf(body).Name())
		said := fmt.Sprint(chancery.WordingOf(v.Interface().(act.Body)))
		for _, words := range planted {
			if !strings.Contains(said, words) {
				t.Errorf("%T: the guard is not asked about %s", body, words)
			}
		}
		if _, has := body.(act.Table); has && len(planted) < 8 {
			t.Errorf("only %d texts of a table act were found", len(planted))
		}
	}
}

// plant writes words of its own into every text below a value.
func plant(v reflect.Value, path string) (planted []string) {
	switch {
	case v.Type() == reflect.TypeFor[text.Texts]():
		v.Set(reflect.ValueOf(text.Texts{{Lang: "en", Text: "words:" + path}}))
		return []string{"words:" + path}
	case v.Type() == reflect.TypeFor[string]():
		v.SetString("words:" + path)
		return []string{"words:" + path}
	case v.Kind() == reflect.Struct:
		for i := range v.NumField() {
			planted = append(planted, plant(v.Field(i), path+"."+v.Type().Field(i).Name)...)
		}
	case v.Kind() == reflect.Slice && (v.Type().Elem().Kind() == reflect.Struct || v.Type().Elem() == reflect.TypeFor[text.Texts]()):
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		planted = plant(v.Index(0), path)
	case v.Kind() == reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		planted = plant(v.Elem(), path)
	}
	return planted
}

// TestTheGuardIsAskedFirst: what it holds is not written, what goes out it is told of.
func TestTheGuardIsAskedFirst(t *testing.T) {
	us := newHome(t, "US", "United States", "d.reyes")
	if err := us.Close(); err != nil {
		t.Fatal(err)
	}
	var asked []chancery.GuardQuery
	c, err := chancery.Open(t.Context(), chancery.Config{Keys: us.keys, Card: us.card, Desk: us.desk, Groups: us.shelf, Clock: us.clock, Random: rand.Reader,
		Guard: func(_ context.Context, q chancery.GuardQuery) error {
			asked = append(asked, q)
			if strings.Contains(fmt.Sprint(q.Words), "secret") {
				return &chancery.HeldBack{Why: "It is held."}
			}
			return nil
		}})
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	secret := terms(us.member())
	secret.Notice = names("A secret.")
	var held *chancery.HeldBack
	if _, err := c.Convene(t.Context(), us.who, secret); !errors.As(err, &held) {
		t.Fatalf("a group's terms: %v", err)
	}
	if _, err := c.Invite(t.Context(), us.who, "IL", names("Israel"), secret); !errors.As(err, &held) {
		t.Fatalf("an invitation: %v", err)
	}
	g, err := c.Convene(t.Context(), us.who, terms(us.member()))
	if err != nil {
		t.Fatal(err)
	}
	size := len(asked)
	_, err = g.Admit(t.Context(), us.who, chancery.Draft{Body: goal("G-1", "Plain.")}, chancery.Draft{Body: goal("G-2", "A secret.")})
	if !errors.As(err, &held) {
		t.Fatalf("%v", err)
	}
	if len(asked) != size+2 || asked[size].Sent {
		t.Fatalf("%+v", asked)
	}
	if _, err := g.Admit(t.Context(), us.who, chancery.Draft{Body: goal("G-1", "Plain.")}); err != nil {
		t.Fatal(err)
	}
	last := asked[len(asked)-1]
	if len(asked) != size+4 || !last.Sent || !last.Tables || last.Element != "G-1" || last.Group != g.ID() {
		t.Fatalf("%+v", asked[size:])
	}
	if got := fmt.Sprint(last.Known()); !strings.Contains(got, "Plain.") {
		t.Errorf("known: %s", got)
	}
	stranger := chancery.Who{Person: "x.nobody"}
	if _, err := g.Admit(t.Context(), stranger, chancery.Draft{Body: goal("G-3", "A secret.")}); !errors.Is(err, chancery.ErrWithheld) {
		t.Errorf("who sits outside is told of the guard: %v", err)
	}
}
