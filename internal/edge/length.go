package edge

import (
	"encoding/base64"
	"strings"
)

// A Lambda's answer is a string in JSON; AWS expects a body that is not text as base64.

func base64Length(bytes int) int { return base64.StdEncoding.EncodedLen(bytes) }

// escapes returns how many bytes escaping adds when encoding/json writes a text as a string without HTML escapes.
func escapes(text []byte) (more int) {
	for _, c := range text {
		switch {
		case c == '"', c == '\\', strings.IndexByte("\b\f\n\r\t", c) >= 0:
			more++
		case c < ' ':
			more += len(`\u0000`) - 1
		case c == 0xe2: // the first byte of U+2028 and U+2029, which are escaped, and of many characters that are not
			more += len(`\u2028`) - len("\u2028")
		}
	}
	return more
}
