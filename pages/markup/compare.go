package markup

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"reflect"
)

// unordered is what order gives for NaN.
const unordered = 2

// equalAny is {{eq a b c}}: whether a equals any of the others.
func equalAny(args []any) (any, error) {
	if len(args) < 2 {
		return nil, wrongCount("at least two arguments", len(args))
	}
	for _, b := range args[1:] {
		if eq, err := equal(args[0], b); eq || err != nil {
			return eq, err
		}
	}
	return false, nil
}

func equal(a, b any) (bool, error) {
	a, b = exported(a), exported(b)
	if x, ok := a.(string); ok {
		if y, ok := b.(string); ok {
			return x == y, nil
		}
	}
	x, y := reflectOf(a), reflectOf(b)
	if isNil(x) || isNil(y) {
		if x.IsValid() && y.IsValid() && (family(x) != family(y) || family(x) == other && x.Kind() != y.Kind()) {
			return false, incomparable(a, b)
		}
		return isNil(x) && isNil(y), nil
	}
	switch f := family(x); {
	case f != family(y):
		return false, incomparable(a, b)
	case f == numeric:
		o, err := order(a, b)
		return o == 0, err
	case f == texts:
		return x.String() == y.String(), nil
	case f == booleans:
		return x.Bool() == y.Bool(), nil
	case x.Kind() != y.Kind() || !x.Comparable() || !y.Comparable():
		return false, incomparable(a, b)
	}
	return x.Interface() == y.Interface(), nil
}

func incomparable(a, b any) error {
	return fmt.Errorf("%s and %s cannot be compared", kindName(a), kindName(b))
}

func isNil(v reflect.Value) bool {
	return !v.IsValid() || canBeNil(v.Type()) && v.IsNil()
}

// comparison gives lt, le, gt and ge.
func comparison(name string) func(a, b any) (any, error) {
	return func(a, b any) (any, error) {
		o, err := order(exported(a), exported(b))
		if err != nil || o == unordered {
			return false, err
		}
		switch name {
		case "lt":
			return o < 0, nil
		case "le":
			return o <= 0, nil
		case "gt":
			return o > 0, nil
		}
		return o >= 0, nil
	}
}

// order is -1, 0 or 1, or unordered.
func order(a, b any) (int, error) {
	x, y := reflectOf(a), reflectOf(b)
	switch {
	case !x.IsValid() || !y.IsValid():
		return 0, errors.New("there is nothing to compare")
	case family(x) == texts && family(y) == texts:
		return cmp.Compare(x.String(), y.String()), nil
	case family(x) != numeric || family(y) != numeric:
		return 0, incomparable(a, b)
	case x.CanFloat() && y.CanFloat():
		return orderFloats(x.Float(), y.Float()), nil
	case x.CanFloat():
		o := orderMixed(y, x.Float())
		if o != unordered {
			o = -o
		}
		return o, nil
	case y.CanFloat():
		return orderMixed(x, y.Float()), nil
	}
	return orderWhole(x, y), nil
}

func orderFloats(x, y float64) int {
	if math.IsNaN(x) || math.IsNaN(y) {
		return unordered
	}
	return cmp.Compare(x, y)
}

// orderMixed compares a whole number with a float, exactly.
func orderMixed(whole reflect.Value, f float64) int {
	switch {
	case math.IsNaN(f):
		return unordered
	case f >= 1<<63:
		if whole.CanUint() && f < 1<<64 {
			return cmp.Compare(whole.Uint(), uint64(f))
		}
		return -1
	case f < -1<<63:
		return 1
	}
	floor := math.Floor(f)
	if o := orderWhole(whole, reflect.ValueOf(int64(floor))); o != 0 || floor == f {
		return o
	}
	return -1
}

func orderWhole(x, y reflect.Value) int {
	switch {
	case x.CanInt() && y.CanInt():
		return cmp.Compare(x.Int(), y.Int())
	case x.CanUint() && y.CanUint():
		return cmp.Compare(x.Uint(), y.Uint())
	case x.CanInt():
		if x.Int() < 0 {
			return -1
		}
		return cmp.Compare(uint64(x.Int()), y.Uint())
	case y.Int() < 0:
		return 1
	}
	return cmp.Compare(x.Uint(), uint64(y.Int()))
}

type kindFamily uint8

const (
	other kindFamily = iota
	numeric
	texts
	booleans
)

func family(v reflect.Value) kindFamily {
	switch {
	case !v.IsValid():
		return other
	case v.CanInt(), v.CanUint(), v.CanFloat():
		return numeric
	case v.Kind() == reflect.String:
		return texts
	case v.Kind() == reflect.Bool:
		return booleans
	}
	return other
}
