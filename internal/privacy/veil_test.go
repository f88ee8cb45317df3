package privacy_test

import (
	"errors"
	"fmt"
	"math"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"cloudmonitor.ai/copilot-connector/internal/privacy"
)

func TestOnlyTheKeyLeadsFromAPseudonymToItsPerson(t *testing.T) {
	t.Parallel()
	key, otherKey := privacy.NewKey(), privacy.NewKey()
	veil, other := privacy.NewVeil(privacy.Pseudonymous, key), privacy.NewVeil(privacy.Pseudonymous, otherKey)
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64Range(1, math.MaxInt64).Draw(t, "a"), rapid.Int64Range(1, 1000).Draw(t, "b")
		name := veil.Login(a, "ada")
		if again := veil.Login(a, "ada-lovelace"); again != name {
			t.Errorf("with another login %d is %s, want %s", a, again, name)
		}
		if found, ok := veil.Find(name); !ok || found != a {
			t.Errorf("%s leads to %d, want %d", name, found, a)
		}
		if found, ok := other.Find(name); ok {
			t.Errorf("another key leads from %s to %d", name, found)
		}
		if a != b && veil.Login(b, "") == name || other.Login(a, "") == name {
			t.Errorf("%d shares a pseudonym", a)
		}
		if reference, err := privacy.ParseReference(name); err != nil || reference != name {
			t.Errorf("%s is not accepted: %v", name, err)
		}
		if _, ok := veil.Find(fmt.Sprint(a)); ok {
			t.Errorf("the id %d finds a person although people are pseudonymous", a)
		}
		if again := key.Mark(a); again != key.Marker()(a) || again == otherKey.Mark(a) || a != b && key.Mark(a) == key.Mark(b) {
			t.Errorf("the marks of %d and %d are wrong: the same key must give a person the same mark, and other people and keys other marks", a, b)
		}
	})
}

func TestAReferenceIsAnIDOrAPseudonym(t *testing.T) {
	t.Parallel()
	for _, given := range []string{"", "0", "-1", "+7", "1.5", "ada", "person-", "person-abc", "person-" + strings.Repeat("1", 26), "9223372036854775808"} {
		if got, err := privacy.ParseReference(given); err == nil {
			t.Errorf("%q is read as %q, want an error", given, got)
		}
	}
	if got, err := privacy.ParseReference("0041000001"); err != nil || got != "41000001" {
		t.Errorf("got %q, %v, want 41000001", got, err)
	}
}

func TestTextsNameNobodyUnlessPeopleAreNamed(t *testing.T) {
	t.Parallel()
	veil := privacy.NewVeil(privacy.Hidden, privacy.NewKey())
	for text, want := range map[string]string{
		"@octo-owner may read it.":                  "its owner may read it.",
		"A token of @octo-owner, or (@ada_acme).":   "A token of its owner, or (its owner).",
		"notifyEmails from a@example.com to nobody": "notifyEmails from a@example.com to nobody",
		"nothing": "nothing",
	} {
		if got := veil.Text(text); got != want {
			t.Errorf("%q becomes %q", text, got)
		}
		if got := (privacy.Veil{}).Text(text); got != text {
			t.Errorf("%q becomes %q although people are named", text, got)
		}
	}
}

func TestWhoIsHiddenAndWhoIsNot(t *testing.T) {
	t.Parallel()
	for _, test := range []struct {
		mode        privacy.Mode
		key         privacy.Key
		named, open bool
		groupOfFour bool
	}{
		{"", nil, true, true, true},
		{privacy.Named, nil, true, true, true},
		{privacy.Pseudonymous, privacy.NewKey(), false, true, true},
		{privacy.Hidden, privacy.NewKey(), false, false, false},
		{privacy.Pseudonymous, nil, false, false, false},
	} {
		veil := privacy.NewVeil(test.mode, test.key)
		err := veil.Open()
		if veil.Named() != test.named || (err == nil) != test.open || err != nil && !errors.Is(err, privacy.ErrHidden) ||
			veil.ShowsGroup(4) != test.groupOfFour || !veil.ShowsGroup(5) {
			t.Errorf("%q: named %t, %v, four are shown: %t", test.mode, veil.Named(), err, veil.ShowsGroup(4))
		}
		if login := veil.Login(7, "ada"); !test.named && strings.Contains(login, "ada") {
			t.Errorf("%q shows %s", test.mode, login)
		}
	}
}
