package github

import (
	"regexp"
	"strings"
	"unicode"
)

// maxQuote bounds how much of GitHub's words is passed on.
const maxQuote = 300

// anyToken matches GitHub's tokens of every kind.
var anyToken = regexp.MustCompile(`\b(?:gh[a-z]|github_pat)_[\w.-]+`)

// quote makes words from outside fit for people and logs: one line, bounded, without a token or any query. Words that hold
// the client's own token in whatever spelling are not passed on at all.
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

// squeezed leaves only letters and digits, in lower case: a token that is broken over lines, spaced out or punctuated
// still shows.
func squeezed(s string) string {
	return strings.ToLower(strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return r
		}
		return -1
	}, s))
}
