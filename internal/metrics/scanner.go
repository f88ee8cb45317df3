package metrics

import (
	"bytes"
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
func (s *scanner) pass() error {
	c, err := s.peek()
	switch {
	case err != nil:
		return err
	case isDigit(c):
		// Most numbers are short integers.
		if s.at+8 <= len(s.text) {
			if length := shortNumber(binary.LittleEndian.Uint64(s.text[s.at:])); length > 0 && s.text[s.at+length] == ',' {
				s.at += length
				return nil
			}
		}
		return s.passNumber()
	}
	switch c {
	case '"':
		return s.passString()
	case '{', '[':
		return s.passNested(c)
	case 't':
		return s.passLiteral("true")
	case 'f':
		return s.passLiteral("false")
	case 'n':
		return s.passLiteral("null")
	}
	return s.passNumber()
}

// passNested skips an object or a list.
func (s *scanner) passNested(opening byte) error {
	if err := s.enter(); err != nil {
		return err
	}
	if opening == '{' {
		return s.passFields()
	}
	for first := true; ; first = false {
		more, err := s.more(']', first)
		if err != nil || !more {
			return err
		}
		if err := s.pass(); err != nil {
			return err
		}
	}
}

// passFields skips the rest of an object.
func (s *scanner) passFields() error {
	outer := s.names.enter()
	for first := true; ; first = false {
		more, err := s.more('}', first)
		if err != nil || !more {
			s.names.leave(outer)
			return err
		}
		s.passCounts()
		if _, err := s.name(); err != nil {
			return err
		}
		if err := s.pass(); err != nil {
			return err
		}
	}
}

// passCounts skips the fields that come next and are expected names with short numbers, each with the comma after it. Most fields that
// are skipped are such.
func (s *scanner) passCounts() {
	text, at := s.text, s.at
	for {
		name := s.names.expected()
		colon := at + len(name)
		if len(name) == 0 || colon >= len(text) || string(text[at:colon]) != string(name) || text[colon] != ':' {
			return
		}
		at = afterBlank(text, colon+1)
		if at+8 > len(text) {
			return
		}
		length := shortNumber(binary.LittleEndian.Uint64(text[at:]))
		if length == 0 || text[at+length] != ',' {
			return
		}
		at = afterBlank(text, at+length+1)
		s.at = at
		s.names.pass()
	}
}

// afterBlank returns the place i, or the place after it if a single blank is there. Writers of JSON that put blanks between tokens put
// one.
func afterBlank(text []byte, i int) int {
	if i < len(text) && text[i] == ' ' {
		i++
	}
	return i
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

// name takes the name of a field and the colon after it. It returns the name with its quotes.
func (s *scanner) name() ([]byte, error) {
	c, err := s.peek()
	if err == nil && c != '"' {
		err = errInvalid
	}
	if err != nil {
		return nil, err
	}
	name := s.names.expected()
	if len(name) > 0 && bytes.HasPrefix(s.text[s.at:], name) {
		s.at += len(name)
		s.names.pass()
	} else {
		start := s.at
		if err := s.passString(); err != nil {
			return nil, err
		}
		name = s.text[start:s.at]
		s.names.follow(name)
	}
	if c, err = s.peek(); err == nil && c != ':' {
		err = errInvalid
	}
	if err != nil {
		return nil, err
	}
	s.at++
	return name, nil
}

func (s *scanner) passString() error {
	text, i := s.text, s.at+1
	for i+8 <= len(text) {
		special := specialIn(binary.LittleEndian.Uint64(text[i:]))
		if special == 0 {
			i += 8
			continue
		}
		if i += bits.TrailingZeros64(special) / 8; text[i] == '"' {
			s.at = i + 1
			return nil
		}
		break
	}
	return s.passStringFrom(i)
}

// passStringFrom skips the rest of a string that has escapes or is near the end of the text.
func (s *scanner) passStringFrom(i int) error {
	for text := s.text; i < len(text); {
		switch c := text[i]; {
		case c == '"':
			s.at = i + 1
			return nil
		case c == '\\':
			n, err := escape(text[i+1:])
			if err != nil {
				s.at = i
				return err
			}
			i += n
		case c < ' ':
			s.at = i
			return errInvalid
		default:
			i++
		}
	}
	return errCut
}

// specialIn sets the highest bit of each quote, backslash and control character among eight bytes. Bytes after the first marked one
// may be marked wrongly.
func specialIn(eight uint64) uint64 {
	quote, backslash := eight^'"'*eachByte, eight^'\\'*eachByte
	return ((quote-eachByte)&^quote | (backslash-eachByte)&^backslash | (eight-' '*eachByte)&^eight) & highestBits
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

func (s *scanner) passLiteral(literal string) error {
	for i := range literal {
		if s.at == len(s.text) {
			return errCut
		}
		if s.text[s.at] != literal[i] {
			return errInvalid
		}
		s.at++
	}
	return nil
}

func (s *scanner) passNumber() error {
	text, i := s.text, s.at
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
	s.at = end
	switch {
	case end >= len(text):
		return errCut // the number may have more digits
	case !valid:
		return errInvalid
	}
	return nil
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
