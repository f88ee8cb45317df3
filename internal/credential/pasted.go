package credential

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// quotes are the marks that people and programs put around a string.
const quotes = "\"'`´“”„‟‘’‚‛«»‹›「」＂＇"

// schemes are the words that stand before a token in HTTP headers and configuration files.
var schemes = []string{"authorization", "bearer", "token", "basic"}

// Surrounded reports whether the pasted text contains more than a token, such as quotes. The token within may be good.
func (t Token) Surrounded() bool {
	_, hidden := invisible(t.Reveal())
	return hidden || aroundToken(t.Reveal()) != ""
}

// aroundToken describes what was copied together with a token, or returns "" if it finds nothing. The text repeats nothing
// of the pasted value except a word of schemes.
func aroundToken(value string) string {
	first, _ := utf8.DecodeRuneInString(value)
	last, _ := utf8.DecodeLastRuneInString(value)
	if strings.ContainsRune(quotes, first) || strings.ContainsRune(quotes, last) {
		return "It begins or ends with a quotation mark."
	}
	words := strings.FieldsFunc(value, func(r rune) bool { return unicode.IsSpace(r) || r == ':' || r == '=' })
	if len(words) > 1 && slices.Contains(schemes, strings.ToLower(words[0])) {
		return fmt.Sprintf("It begins with the word %q, as in a header of HTTP.", strings.ToLower(words[0]))
	}
	if strings.LastIndex(value, classicPrefix) > 0 || strings.LastIndex(value, fineGrainedPrefix) > 0 {
		return "Something stands before the token itself."
	}
	return ""
}

// foreignPrefixes lists secrets of other kinds that people paste by mistake. Longer prefixes come before shorter ones.
var foreignPrefixes = []struct{ prefix, what string }{
	{"gho_", "It is an OAuth access token of GitHub, not a personal access token."},
	{"ghu_", "It is a user token of a GitHub App, not a personal access token."},
	{"ghs_", "It is an installation token of a GitHub App, not a personal access token."},
	{"ghr_", "It is a refresh token of a GitHub App, not a personal access token."},
	{"sk-ant-", "It is a key of Anthropic, not of GitHub."},
	{"sk-", "It is a key of OpenAI or a similar service, not of GitHub."},
	{"key_", "It is a key of Cursor or a similar service, not of GitHub."},
	{"crsr_", "It is a key of Cursor, not of GitHub."},
	{"glpat-", "It is a token of GitLab, not of GitHub."},
	{"AKIA", "It is an access key of AWS, not of GitHub."},
	{"-----BEGIN", "It is a private key, not a personal access token."},
}

func recognise(value string) string {
	for _, foreign := range foreignPrefixes {
		if strings.HasPrefix(value, foreign.prefix) {
			return foreign.what
		}
	}
	if len(value) == 40 && strings.Trim(value, "0123456789abcdef") == "" {
		return "It may be a GitHub token from before April 2021. Those have no prefix, so it cannot be told from " +
			"another service's key and was not sent anywhere."
	}
	if lower := strings.ToLower(value); strings.HasPrefix(lower, classicPrefix) || strings.HasPrefix(lower, fineGrainedPrefix) {
		return "It does not begin with ghp_ or github_pat_ in small letters, as every GitHub personal access token does: something has changed its " +
			"letters. Copy it anew."
	}
	return "It does not begin with ghp_ or github_pat_, as every GitHub personal access token does."
}
