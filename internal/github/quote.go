package github

import (
	"regexp"
	"strings"
	"unicode"
)

// maxQuote bounds how much of GitHub's words is passed on.
const maxQuote = 300

// anyToken matches GitHub's tokens of every kind, and JWTs.
var anyToken = regexp.MustCompile(`\b(?:(?:gh[a-z]|github_pat)_[\w.-]+|eyJ[\w-]+\.[\w.-]+)`)

// quote makes words from outside safe for people and logs: one line of bounded length, without tokens and without queries.
// Words that hold the client's own token, in any spelling, are dropped as a whole.
func (c *Client) quote(said string) string {
	said = strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return ' '
		}
		return r
	}, said)
	secret := c.token.Reveal()
	if secret != "" {
		said = strings.ReplaceAll(said, secret, "[token]")
		if strings.Contains(squeezed(said), squeezed(secret)) {
			return "[words that hold the token]"
		}
	}
	words := strings.Fields(anyToken.ReplaceAllString(said, "[token]"))
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
