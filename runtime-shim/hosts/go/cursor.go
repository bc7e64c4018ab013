package simc

import (
	"encoding/binary"
	"encoding/hex"
	"math"
	"unicode/utf8"
)

// A cursor goes over bytes that may be hostile. The first thing that does not fit is kept as its error, and everything after
// that reads as zero, so that callers ask once.
type cursor struct {
	bytes   []byte
	at, end int
	err     *Error
}

func newCursor(bytes []byte, at, end int) *cursor {
	return &cursor{bytes: bytes, at: at, end: end}
}

// fail keeps an error at this place, unless there is one.
func (c *cursor) fail(format string, args ...any) {
	c.failAt(c.at, format, args...)
}

func (c *cursor) failAt(at int, format string, args ...any) {
	if c.err == nil {
		c.err = badArtifact(at, format, args...)
	}
}

// isAtEnd is also true after an error.
func (c *cursor) isAtEnd() bool {
	return c.err != nil || c.at == c.end
}

// take moves over bytes and gives them; none after an error.
func (c *cursor) take(length uint64) []byte {
	if c.err != nil {
		return nil
	}
	if length > uint64(c.end-c.at) {
		c.fail("it ends too early")
		return nil
	}
	from := c.at
	c.at += int(length)
	return c.bytes[from:c.at]
}

func (c *cursor) u8() byte {
	if b := c.take(1); b != nil {
		return b[0]
	}
	return 0
}

func (c *cursor) u32() uint32 {
	if b := c.take(4); b != nil {
		return binary.LittleEndian.Uint32(b)
	}
	return 0
}

func (c *cursor) u64() uint64 {
	if b := c.take(8); b != nil {
		return binary.LittleEndian.Uint64(b)
	}
	return 0
}

func (c *cursor) f64() float64 {
	return math.Float64frombits(c.u64())
}

// leb is a length of WebAssembly: LEB128, at most 32 bits.
func (c *cursor) leb() uint64 {
	var value uint64
	for shift := 0; shift < 35; shift += 7 {
		b := c.u8()
		value |= uint64(b&0x7f) << shift
		if b < 0x80 && value <= math.MaxUint32 {
			return value
		}
	}
	c.fail("a length is no number of 32 bits")
	return 0
}

func (c *cursor) text(length uint64) string {
	from := c.at
	b := c.take(length)
	if !utf8.Valid(b) {
		valid := 0
		for valid < len(b) {
			letter, size := utf8.DecodeRune(b[valid:])
			if letter == utf8.RuneError && size == 1 {
				break
			}
			valid += size
		}
		c.failAt(from+valid, "a text is not UTF-8")
		return ""
	}
	return string(b)
}

func (c *cursor) str() string {
	return c.text(uint64(c.u32()))
}

func (c *cursor) digest() string {
	return hex.EncodeToString(c.take(32))
}

// oneOf gives one of the words that stand for 0, 1, 2, ...
func (c *cursor) oneOf(n int, field string) int {
	number := int(c.u8())
	if number >= n {
		c.fail("there is no %s %d", field, number)
		return 0
	}
	return number
}

func (c *cursor) flags(known byte) byte {
	flags := c.u8()
	if flags&^known != 0 {
		c.fail("a flag is unknown")
	}
	return flags
}

// record is the content of what begins with its length.
func (c *cursor) record() *cursor {
	length := uint64(c.u32())
	from := c.at
	c.take(length)
	inner := newCursor(c.bytes, from, c.at)
	inner.err = c.err
	return inner
}

// listOf reads a list. Each item takes a byte at least, so that a count that lies meets the end before it costs memory.
func listOf[T any](c *cursor, item func(*cursor) T) []T {
	count := c.u32()
	var items []T
	for i := uint32(0); i < count && c.err == nil; i++ {
		items = append(items, item(c))
	}
	return items
}
