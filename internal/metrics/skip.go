package metrics

import (
	"encoding/binary"
	"math/bits"
)

// The functions of this file skip a part of a text that begins at the place i, and return the place after it. They check what they skip
// by the rules of encoding/json. They keep the place in a local variable, because most of a report is skipped. If they fail, they
// return the place of the error.

// skipValue skips a value of any kind, which has a name. Depth is the number of the objects and lists around it.
func (s *scanner) skipValue(i, depth int, of *name) (int, error) {
	text := s.text
	if i = skipBlank(text, i); i >= len(text) {
		return i, errCut
	}
	switch c := text[i]; c {
	case '"':
		return skipString(text, i)
	case '{', '[':
		return s.skipNested(i, depth, of)
	case 't':
		return skipLiteral(text, i, "true")
	case 'f':
		return skipLiteral(text, i, "false")
	case 'n':
		return skipLiteral(text, i, "null")
	}
	return skipNumber(text, i)
}

// skipNested skips an object or a list.
func (s *scanner) skipNested(i, depth int, of *name) (_ int, err error) {
	if depth == maxDepth {
		return i, errInvalid
	}
	text := s.text
	opening := text[i]
	closing := opening + 2 // in ASCII
	place := &of.within
	for first := true; ; first = false {
		if i = skipBlank(text, i+1); i >= len(text) { // after the opening, or after a comma
			return i, errCut
		}
		if text[i] == closing && first {
			return i + 1, nil
		}
		if opening == '{' {
			if n := *place; n.begins(text[i:]) {
				of, i = n, i+len(n.text)
			} else if of, i, err = s.skipName(i, place); err != nil {
				return i, err
			}
			place = &of.after
			i = skipBlank(text, i)
		}
		if i >= 0 && i <= len(text)-8 {
			if length := shortNumber(binary.LittleEndian.Uint64(text[i:])); length > 0 {
				i += length
				if text[i] == ',' {
					continue
				}
				if text[i] == closing {
					return i + 1, nil
				}
				i -= length
			}
		}
		if i, err = s.skipValue(i, depth+1, of); err != nil {
			return i, err
		}
		if i = skipBlank(text, i); i >= len(text) {
			return i, errCut
		}
		switch text[i] {
		case ',':
		case closing:
			return i + 1, nil
		default:
			return i, errInvalid
		}
	}
}

// skipName skips the name of a field and the colon. It remembers that the name came at a place.
func (s *scanner) skipName(i int, place **name) (_ *name, _ int, err error) {
	text, start := s.text, i
	if text[i] != '"' {
		return nil, i, errInvalid
	}
	if i, err = skipString(text, i); err != nil {
		return nil, i, err
	}
	n := s.names.follow(text[start:i], place)
	if i = skipBlank(text, i); i >= len(text) {
		return nil, i, errCut
	}
	if text[i] != ':' {
		return nil, i, errInvalid
	}
	return n, i + 1, nil
}

func skipBlank(text []byte, i int) int {
	for i < len(text) && text[i] <= ' ' && (text[i] == ' ' || text[i] == '\n' || text[i] == '\r' || text[i] == '\t') {
		i++
	}
	return i
}

func skipString(text []byte, i int) (int, error) {
	for i++; i >= 0 && i <= len(text)-8; i += 8 {
		special := specialIn(binary.LittleEndian.Uint64(text[i:]))
		if special == 0 {
			continue
		}
		if i += bits.TrailingZeros64(special) / 8; text[i] == '"' {
			return i + 1, nil
		}
		break
	}
	return skipStringSlowly(text, i)
}

// skipStringSlowly skips the rest of a string that has escapes or is near the end of the text.
func skipStringSlowly(text []byte, i int) (int, error) {
	for i < len(text) {
		switch c := text[i]; {
		case c == '"':
			return i + 1, nil
		case c == '\\':
			n, err := escape(text[i+1:])
			if err != nil {
				return i, err
			}
			i += n
		case c < ' ':
			return i, errInvalid
		default:
			i++
		}
	}
	return i, errCut
}

// specialIn sets the highest bit of each quote, backslash and control character among eight bytes. Bytes after the first marked one
// may be marked wrongly.
func specialIn(eight uint64) uint64 {
	// With the bit 2 flipped, a quote is a blank and follows the control characters.
	low, backslash := eight^2*eachByte, eight^'\\'*eachByte
	return ((low - (' '+1)*eachByte) | (backslash - eachByte)) &^ eight & highestBits
}

// escape returns the length of an escape. It takes the text after the backslash.
func escape(after []byte) (length int, err error) {
	if len(after) == 0 {
		return 0, errCut
	}
	switch after[0] {
	case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		return 2, nil
	case 'u':
		for _, c := range after[1:min(5, len(after))] {
			if !isDigit(c) && (c|0x20 < 'a' || c|0x20 > 'f') {
				return 0, errInvalid
			}
		}
		if len(after) < 5 {
			return 0, errCut
		}
		return 6, nil
	}
	return 0, errInvalid
}

func skipLiteral(text []byte, i int, literal string) (int, error) {
	for j := range literal {
		if i == len(text) {
			return i, errCut
		}
		if text[i] != literal[j] {
			return i, errInvalid
		}
		i++
	}
	return i, nil
}

func skipNumber(text []byte, i int) (int, error) {
	if i < len(text) && text[i] == '-' {
		i++
	}
	end := digits(text, i)
	if end > i+1 && text[i] == '0' {
		end = i + 1 // a digit after it is an error
	}
	valid := end > i
	if valid && end < len(text) && text[end] == '.' {
		i, end = end+1, digits(text, end+1)
		valid = end > i
	}
	if valid && end < len(text) && text[end]|0x20 == 'e' {
		if i = end + 1; i < len(text) && (text[i] == '+' || text[i] == '-') {
			i++
		}
		end = digits(text, i)
		valid = end > i
	}
	switch {
	case end >= len(text):
		return end, errCut // the number may have more digits
	case !valid:
		return end, errInvalid
	}
	return end, nil
}
