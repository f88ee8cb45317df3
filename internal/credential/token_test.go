package credential_test

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"cloudmonitor.ai/copilot-connector/internal/credential"
	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// The tests search for each part of the canary, so they also find half a token in a log.
const canary = "ghp_CanarySingsInTheCoalMine0123456789"

var canaryParts = []string{"ghp_", "Canary", "CoalMine", "0123456789", "Z2hwX0NhbmFyeV", "6768705f43616e617279", "[103 104 112 95"}

type exported struct {
	Name  string
	Token credential.Token
}

type unexported struct {
	name  string
	token credential.Token
}

type embedded struct{ credential.Token }

type stringer struct{ token credential.Token }

func (s stringer) String() string { return fmt.Sprint(s.token) }

// carriers returns all types through which a token passes.
func carriers() map[string]any {
	token := credential.NewToken(canary)
	return map[string]any{
		"itself":                  token,
		"pointer":                 &token,
		"pointer to a pointer":    new(&token),
		"exported field":          exported{"x", token},
		"pointer to a struct":     &exported{"x", token},
		"unexported field":        unexported{"x", token},
		"pointer to unexported":   &unexported{"x", token},
		"embedded":                embedded{token},
		"struct within a struct":  struct{ Inner unexported }{unexported{"x", token}},
		"slice":                   []credential.Token{token},
		"array":                   [1]credential.Token{token},
		"slice of pointers":       []*credential.Token{&token},
		"slice of unexported":     []unexported{{"x", token}},
		"map value":               map[string]credential.Token{"a": token},
		"map key":                 map[credential.Token]int{token: 1},
		"map of unexported":       map[string]unexported{"a": {"x", token}},
		"interface":               []any{token, &token},
		"stringer":                stringer{token},
		"error that formats it":   fmt.Errorf("token %v (%+v, %#v, %q, %s)", token, token, token, token, token),
		"error about the pointer": &fault.Error{Code: fault.Internal, Op: "x", Err: fmt.Errorf("bad %v", &token)},
		"error of its check":      credential.NewToken(canary + " ghp_Canary").Check(),
		"joined errors":           errors.Join(fmt.Errorf("a %v", token), fmt.Errorf("b %+v", unexported{"x", token})),
	}
}

func TestNoVerbPrintsAToken(t *testing.T) {
	for name, value := range carriers() {
		for verb := '!'; verb <= '~'; verb++ {
			for _, flags := range []string{"", "+", "#", "-", " ", "0", "60", ".60", "+#60.60"} {
				format := "%" + flags + string(verb)
				mustNotSing(t, name+" by "+format, fmt.Sprintf(format, value))
			}
		}
		mustNotSing(t, name+" by Sprintln", fmt.Sprintln(value, []any{value}))
	}
}

func TestNoLogRecordHoldsAToken(t *testing.T) {
	for name, value := range carriers() {
		var text, inJSON bytes.Buffer
		for _, handler := range []slog.Handler{slog.NewTextHandler(&text, nil), slog.NewJSONHandler(&inJSON, nil)} {
			log := slog.New(handler)
			log.Info("said", "value", value)
			log.Info("grouped", slog.Group("group", "value", value))
			log.With("value", value).WithGroup("group").Info("kept", "list", []any{value})
		}
		mustNotSing(t, name+" as text", text.String())
		mustNotSing(t, name+" as JSON", inJSON.String())
	}
}

func TestNoEncodingHoldsAToken(t *testing.T) {
	for name, value := range carriers() {
		inJSON, _ := json.Marshal(value)
		mustNotSing(t, name+" as JSON", string(inJSON))
		inXML, _ := xml.Marshal(value)
		mustNotSing(t, name+" as XML", string(inXML))
	}
	if encoded, err := json.Marshal(credential.NewToken(canary)); err != nil || !strings.HasPrefix(string(encoded), `"[token sha256:`) {
		t.Errorf("a token in JSON is %s, %v", encoded, err)
	}
}

func TestNoErrorHoldsAToken(t *testing.T) {
	for _, pasted := range []string{canary + "\n" + canary, "gho_" + canary, "sk-admin-" + canary, strings.Repeat(canary, 10)} {
		err := credential.NewToken(pasted).Check()
		problem, ok := errors.AsType[*fault.Error](err)
		if !ok {
			t.Fatalf("Check gave %T", err)
		}
		mustNotSing(t, "the error", fmt.Sprintf("%v %+v %#v", err, err, err))
		mustNotSing(t, "its hint", strings.ReplaceAll(problem.Hint, "begin with ghp_ or", ""))
	}
}

func TestOnlyRevealGivesTheValue(t *testing.T) {
	token := credential.NewToken(canary)
	if token.Reveal() != canary {
		t.Error("Reveal does not return the pasted text")
	}
	if (credential.Token{}).Reveal() != "" {
		t.Error("the zero Token reveals something")
	}
	if got := slog.AnyValue(token).Resolve(); got.Kind() != slog.KindString || got.String() != "[token "+token.Fingerprint()+"]" {
		t.Errorf("a log handler gets %v of kind %v", got, got.Kind())
	}
	if got := fmt.Sprint(token); got != "[token "+token.Fingerprint()+"]" {
		t.Errorf("the token prints as %s", got)
	}
}

func TestAFingerprintTellsTokensApart(t *testing.T) {
	one, same, other := credential.NewToken(canary), credential.NewToken(" "+canary+"\n"), credential.NewToken(canary+"x")
	if one.Fingerprint() != same.Fingerprint() || one.Fingerprint() == other.Fingerprint() {
		t.Errorf("fingerprints %s, %s, %s", one.Fingerprint(), same.Fingerprint(), other.Fingerprint())
	}
	if got := credential.NewToken("abc").Fingerprint(); got != "sha256:ba7816bf8f01" {
		t.Errorf("the fingerprint of abc is %s", got)
	}
}

func mustNotSing(t *testing.T, where, text string) {
	t.Helper()
	for _, part := range canaryParts {
		if strings.Contains(text, part) {
			t.Errorf("%s contains the part %q of the token: %s", where, part, text)
			return
		}
	}
}
