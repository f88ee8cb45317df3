package credential

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"log/slog"
	"strings"
	"unicode"

	"cloudmonitor.ai/copilot-connector/internal/fault"
)

// Kind is the kind of a credential, judged by its prefix alone.
type Kind string

// The kinds GitHub issues as personal access tokens; everything else is unknown.
const (
	ClassicPAT     Kind = "classic_pat"
	FineGrainedPAT Kind = "fine_grained_pat"
	GitHubApp      Kind = "github_app" // the customer's own App
	UnknownKind    Kind = "unknown"

	GitHubAppInstallation Kind = "github_app_installation" // an installation of the stack's own App
)

// IsApp reports whether a GitHub App stands in a person's place.
func (k Kind) IsApp() bool { return k == GitHubApp || k == GitHubAppInstallation }

const (
	classicPrefix     = "ghp_"
	fineGrainedPrefix = "github_pat_"

	// GitHub promises no length. This bounds the length of a header that is sent.
	maxTokenLength = 255
)

// Token is a credential as somebody pasted it. Only Reveal returns its value. The value is behind a pointer, because fmt, slog and
// encoding packages cannot call the methods below if the token is in an unexported field of a printed struct.
type Token struct {
	value *string
	app   bool // the value is an App, in the form of NewApp

	installation int64   // of the stack's App; 0 for every other credential
	proof        *string // the code that proves whose installation it is
}

// NewToken returns the token of a pasted string, without the white space around it.
func NewToken(pasted string) Token {
	value := strings.TrimSpace(pasted)
	return Token{value: &value}
}

// Reveal returns the secret. Only code that sends it to GitHub or stores it in a vault may call Reveal.
func (t Token) Reveal() string {
	if t.value == nil {
		return ""
	}
	return *t.value
}

// Kind returns the token's kind by its prefix.
func (t Token) Kind() Kind {
	switch value := t.Reveal(); {
	case t.app:
		return GitHubApp
	case t.installation != 0:
		return GitHubAppInstallation
	case strings.HasPrefix(value, classicPrefix):
		return ClassicPAT
	case strings.HasPrefix(value, fineGrainedPrefix):
		return FineGrainedPAT
	}
	return UnknownKind
}

// Fingerprint returns a short text with which people recognise the token. It reveals no part of the token.
func (t Token) Fingerprint() string {
	sum := sha256.Sum256([]byte(t.Reveal()))
	return "sha256:" + hex.EncodeToString(sum[:6])
}

// Check returns a fault.NotPAT error when the string cannot be a GitHub personal access token.
// Such a string may be another service's secret and must not be sent anywhere.
func (t Token) Check() error {
	value := t.Reveal()
	if t.installation != 0 {
		return nil
	}
	if t.app {
		if _, ok := t.App(); !ok {
			return notPAT("It is not what is stored of a GitHub App.")
		}
		return nil
	}
	if hidden, ok := invisible(value); ok {
		return notPAT(fmt.Sprintf("It holds an invisible character (U+%04X), as when it was copied from a formatted text. Copy the token alone, "+
			"or type over its ends.", hidden))
	}
	if around := aroundToken(value); around != "" {
		return notPAT(around + " Paste the token alone.")
	}
	if t.Kind() == UnknownKind {
		return notPAT(recognise(value))
	}
	if len(value) > maxTokenLength || strings.Trim(value, tokenAlphabet) != "" {
		return notPAT("It begins like a GitHub token but is too long or holds characters that no token has, " +
			"as when something else was copied along with it.")
	}
	if value == classicPrefix || value == fineGrainedPrefix {
		return notPAT("It is only the first letters of a GitHub token.")
	}
	return nil
}

const tokenAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-"

// invisible returns the first invisible character, such as a zero-width space, that is not ordinary white space.
func invisible(value string) (rune, bool) {
	for _, r := range value {
		if unicode.Is(unicode.Cf, r) || r == '\u115f' || r == '\u3164' || r == '\u2800' { // fillers and the blank Braille pattern are letters or symbols
			return r, true
		}
	}
	return 0, false
}

func notPAT(why string) error {
	return &fault.Error{Code: fault.NotPAT, Op: "check token", Hint: why}
}

func (t Token) redacted() string { return "[token " + t.Fingerprint() + "]" }

// Format implements fmt.Formatter for every verb.
func (t Token) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, t.redacted()) }

// LogValue implements slog.LogValuer.
func (t Token) LogValue() slog.Value { return slog.StringValue(t.redacted()) }

// MarshalText implements encoding.TextMarshaler. Package json uses it too.
func (t Token) MarshalText() ([]byte, error) { return []byte(t.redacted()), nil }
