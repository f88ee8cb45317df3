package metrics

import (
	"encoding/binary"
	"errors"
	"math/bits"
)

// scanner takes JSON values from a text. The text may end anywhere. If it ends within a value, the methods fail with errCut. Everything
// that the scanner takes is valid JSON by the rules of encoding/json, even values that nobody reads, because damage must be found
// anywhere in a report. Names may be repeated, and strings need not be UTF-8.
type scanner struct {
	text  []byte
	at    int
	depth int
	names names
	last  *name // the name whose value comes next

	unknown *unknown // collects undocumented fields; nil: they are not collected
}

var (
	errCut     = errors.New("the text ends in the middle of a value")
	errInvalid = errors.New("not valid JSON") // the place is scanner.at
)

// maxDepth is the maximum depth of encoding/json.
const maxDepth = 10_000

// peek skips white space and returns the byte after it.
func (s *scanner) peek() (byte, error) {
	if s.at < len(s.text) && s.text[s.at] > ' ' {
		return s.text[s.at], nil
	}
	return s.peekBehindBlank()
}

func (s *scanner) peekBehindBlank() (byte, error) {
	for ; s.at < len(s.text); s.at++ {
		switch c := s.text[s.at]; c {
		case ' ', '\t', '\r', '\n':
		default:
			return c, nil
		}
	}
	return 0, errCut
}

// value takes a value of any kind and returns its text.
func (s *scanner) value() ([]byte, error) {
	if _, err := s.peek(); err != nil {
		return nil, err
	}
	start := s.at
	if err := s.pass(); err != nil {
		return nil, err
	}
	return s.text[start:s.at], nil
}

// pass skips a value of any kind.
func (s *scanner) pass() (err error) {
	s.at, err = s.skipValue(s.at, s.depth, s.last)
	return err
}

// eachByte has a one in each byte, and highestBits the highest bit of each byte.
const eachByte, highestBits = 0x0101010101010101, 0x8080808080808080

// shortNumber returns the number of digits that eight bytes begin with. It returns 0 if all eight are digits, or if the first digit is a
// superfluous zero.
func shortNumber(eight uint64) (length int) {
	values := eight ^ '0'*eachByte // of a digit, 0 to 9
	// Marks each byte that is no digit. Bytes after the first such byte may be marked wrongly.
	others := (values + (0x80-10)*eachByte | values) & highestBits
	length = bits.TrailingZeros64(others) / 8
	if length == 8 || values&0xff == 0 && length > 1 {
		return 0
	}
	return length
}

// enter takes the opening of an object or a list.
func (s *scanner) enter() error {
	if s.depth == maxDepth {
		return errInvalid
	}
	s.depth++
	s.at++
	return nil
}

// more reports whether an object or a list has another element. It takes the comma before the element, or the closing.
func (s *scanner) more(closing byte, first bool) (bool, error) {
	c, err := s.peek()
	switch {
	case err != nil:
		return false, err
	case c == closing:
		s.depth--
		s.at++
		return false, nil
	case first:
		return true, nil
	case c != ',':
		return false, errInvalid
	}
	s.at++
	return true, nil
}

// name takes the name of a field and the colon after it. Place holds the name that came here the last time.
func (s *scanner) name(place **name) (n *name, err error) {
	if _, err = s.peek(); err != nil {
		return nil, err
	}
	if n = *place; n.begins(s.text[s.at:]) {
		s.at += len(n.text)
		return n, nil
	}
	n, s.at, err = s.skipName(s.at, place)
	return n, err
}

// shortCount takes a number that nothing can be wrong with: up to seven digits, without blanks around them. Most counts are such.
func (s *scanner) shortCount() (n int64, ok bool) {
	text, i := s.text, s.at
	if i+8 > len(text) {
		return 0, false
	}
	length := shortNumber(binary.LittleEndian.Uint64(text[i:]))
	if length == 0 || text[i+length] != ',' && text[i+length] != '}' {
		return 0, false
	}
	for _, digit := range text[i : i+length] {
		n = 10*n + int64(digit-'0')
	}
	s.at += length
	return n, true
}

// digits returns the end of the digits that begin at i.
func digits(text []byte, i int) int {
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	return i
}

func isDigit(c byte) bool { return c-'0' <= 9 }
