package credential

import (
	"cmp"
	"crypto"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"regexp"
	"strings"

	"cloudmonitor.ai/copilot-connector/internal/copilot"
)

// App is a GitHub App of the customer's: its client id, and the private key with which it signs. The key cannot be printed, logged
// or encoded, and no method returns it.
type App struct {
	ClientID string // or the App's numeric id, which GitHub accepts too
	key      *rsa.PrivateKey
}

// ErrClientID is the error of a string that cannot be the client id of a GitHub App.
var ErrClientID = errors.New("must be the client id of a GitHub App, such as Iv23liABCDEFGHIJKLMN, or its App id")

// clientIDs matches a client id or an App id. It becomes a part of signed and stored texts, so no other character is allowed.
var clientIDs = regexp.MustCompile(`^[A-Za-z0-9._-]{1,64}$`)

// NewApp returns the credential of a pasted client id and private key. The error is ErrClientID, or says what is wrong with the key
// and contains nothing of it.
func NewApp(clientID, privateKey string) (Token, error) {
	clientID = strings.TrimSpace(clientID)
	if !clientIDs.MatchString(clientID) {
		return Token{}, ErrClientID
	}
	key, err := parseKey(privateKey)
	if err != nil {
		return Token{}, err
	}
	value := appPrefix + clientID + ":" + base64.StdEncoding.EncodeToString(x509.MarshalPKCS1PrivateKey(key))
	return Token{value: &value, app: true}, nil
}

// appPrefix begins the form in which an App is stored in a vault: github_app:CLIENT-ID:KEY. The key is base64 of PKCS#1. This is
// short enough for AWS KMS, which encrypts at most 4,096 bytes.
const appPrefix = "github_app:"

// Stored returns the credential of a string from a vault: a token or an App. It is not for pasted strings, which can only be tokens.
func Stored(value string) Token {
	value = strings.TrimSpace(value)
	return Token{value: &value, app: strings.HasPrefix(value, appPrefix)}
}

// App returns the credential as an App. ok is false for a token.
func (t Token) App() (app App, ok bool) {
	if !t.app {
		return App{}, false
	}
	clientID, encoded, _ := strings.Cut(strings.TrimPrefix(t.Reveal(), appPrefix), ":")
	der, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil || !clientIDs.MatchString(clientID) {
		return App{}, false
	}
	key, err := x509.ParsePKCS1PrivateKey(der)
	if err != nil {
		return App{}, false
	}
	return App{ClientID: clientID, key: key}, true
}

// Sign signs a text with RSASSA-PKCS1-v1_5 and SHA-256, as the JWT algorithm RS256 requires.
func (a App) Sign(text []byte) ([]byte, error) {
	digest := sha256.Sum256(text)
	return rsa.SignPKCS1v15(rand.Reader, a.key, crypto.SHA256, digest[:])
}

// KeyFingerprint returns the key's fingerprint in GitHub's form: the base64 SHA-256 of the public key.
func (a App) KeyFingerprint() string {
	der, err := x509.MarshalPKIXPublicKey(&a.key.PublicKey)
	if err != nil {
		return "" // an RSA key has a public key
	}
	sum := sha256.Sum256(der)
	return "SHA256:" + base64.StdEncoding.EncodeToString(sum[:])
}

func (a App) redacted() string { return "[app " + a.ClientID + "]" }

// Format implements fmt.Formatter for every verb.
func (a App) Format(s fmt.State, _ rune) { _, _ = io.WriteString(s, a.redacted()) }

// LogValue implements slog.LogValuer.
func (a App) LogValue() slog.Value { return slog.StringValue(a.redacted()) }

// MarshalText implements encoding.TextMarshaler. Package json uses it too.
func (a App) MarshalText() ([]byte, error) { return []byte(a.redacted()), nil }

// Installation is what GitHub says about an App and where it is installed.
type Installation struct {
	ID          int64             `json:"id"`                 // GitHub's id of the installation
	ClientID    string            `json:"clientId,omitempty"` // of the App
	Slug        string            `json:"slug,omitempty"`     // of the App
	Settings    string            `json:"settings,omitempty"` // the address of the App's settings; empty: GitHub was not asked for it
	Permissions map[string]string `json:"permissions"`        // what the owners of the account have accepted, such as members: read
	Suspended   bool              `json:"suspended,omitempty"`

	AccountID    string        `json:"-"`
	AccountScope copilot.Scope `json:"-"` // empty: on a person's account
	AccountSlug  string        `json:"-"` // of the organization or enterprise
}

// After returns the installation, completed with fields that only an earlier answer has, such as the address of the App's settings.
func (i Installation) After(before *Installation) *Installation {
	if before != nil {
		i.Settings = cmp.Or(i.Settings, before.Settings)
		i.Slug, i.ClientID = cmp.Or(i.Slug, before.Slug), cmp.Or(i.ClientID, before.ClientID)
	}
	return &i
}
