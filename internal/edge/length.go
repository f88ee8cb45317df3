package edge

import (
	"encoding/base64"
	"strings"
)

// An answer of a Lambda travels as a string in JSON, what is no text as base64.

func base64Length(bytes int) int { return base64.StdEncoding.EncodedLen(bytes) }

// escapes is how many bytes a text takes more as a string in JSON, as encoding/json writes it without escapes for HTML.
func escapes(text []byte) (more int) {
	for _, c := range text {
		switch {
		case c == '"', c == '\\', strings.IndexByte("\b\f\n\r\t", c) >= 0:
			more++
		case c < ' ':
			more += len(`\u0000`) - 1
		case c == 0xe2: // of U+2028 and U+2029, which are escaped, and of many that are not
			more += len(`\u2028`) - len("\u2028")
		}
	}
	return more
}
