package github

import (
	"regexp"
	"slices"
	"strings"
	"sync"
	"unicode"

	"cloudmonitor.ai/copilot-connector/internal/credential"
)

// maxQuote bounds how much of GitHub's words is passed on.
const maxQuote = 300

// anyToken matches GitHub's tokens of every kind, and JWTs.
var anyToken = regexp.MustCompile(`\b(?:(?:gh[a-z]|github_pat)_[\w.-]+|eyJ[\w-]+\.[\w.-]+)`)

// sent has the secrets that were sent to GitHub: a token, or the JWTs and tokens of a GitHub App. No quoted words may hold one.
type sent struct {
	mu      sync.Mutex
	secrets []credential.Token // tokens, because these cannot be printed
}

func newSent(secrets ...credential.Token) *sent { return &sent{secrets: secrets} }

func (s *sent) add(secret string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !slices.ContainsFunc(s.secrets, func(known credential.Token) bool { return known.Reveal() == secret }) {
		s.secrets = append(s.secrets, credential.NewToken(secret))
	}
}

// without returns the words without the secrets. If they hold one in another spelling, it returns none of them.
func (s *sent) without(said string) string {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, token := range s.secrets {
		secret := token.Reveal()
		if secret == "" {
			continue
		}
		said = strings.ReplaceAll(said, secret, "[token]")
		if strings.Contains(squeezed(said), squeezed(secret)) {
			return "[words that hold the token]"
		}
	}
	return said
}

func (c *Client) quote(said string) string { return c.sent.quote(said) }

// quote makes words from outside safe for people and logs: one line of bounded length, without tokens and without queries.
// Words that hold a secret that was sent, in any spelling, are dropped as a whole.
func (s *sent) quote(said string) string {
	said = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, said)
	words := strings.Fields(anyToken.ReplaceAllString(s.without(said), "[token]"))
	for i, word := range words {
		words[i], _, _ = strings.Cut(word, "?")
	}
	said = strings.Join(words, " ")
	if runes := []rune(said); len(runes) > maxQuote {
		said = string(runes[:maxQuote]) + "…"
	}
	return said
}

// squeezed returns the letters and digits only, in lower case. So a token is found even if it is broken over lines, spaced
// out or punctuated.
func squeezed(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s))
}
