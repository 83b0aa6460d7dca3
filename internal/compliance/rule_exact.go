package compliance

import "math"

// Readings and limits are decimal numbers, and a float64 stands for the shortest decimal that it is
// nearest to. What is computed here is computed of those decimals wherever they are not too long, so
// that 0.1 and 0.2 do not exceed 0.3 together; else of the floats. No product is added to anything in
// one expression: the result is the same on every machine.

const (
	maxTens  = 15      // decimal places that are looked for
	maxWhole = 1 << 53 // up to here every whole number is a float64
)

// tens finds the decimal that a float stands for: m·10^-k.
func tens(x float64) (m float64, k int, ok bool) {
	for k = range maxTens + 1 {
		if m, ok = scaled(x, k); ok {
			return m, k, true
		}
	}
	return 0, 0, false
}

// scaled is x·10^k where that is a whole number, and x is the float nearest to its quotient.
func scaled(x float64, k int) (float64, bool) {
	p := math.Pow10(k)
	m := math.RoundToEven(float64(x * p))
	return m, math.Abs(m) <= maxWhole && float64(m/p) == x
}

// add is the sum of two numbers.
func add(a, b float64) float64 {
	sum := a + b
	m, k, ok := tens(a)
	if !ok {
		return sum
	}
	n, l, ok := tens(b)
	if !ok {
		return sum
	}
	m, n = float64(m*math.Pow10(max(k, l)-k)), float64(n*math.Pow10(max(k, l)-l))
	if whole := m + n; math.Abs(m) <= maxWhole && math.Abs(n) <= maxWhole && math.Abs(whole) <= maxWhole {
		return whole / math.Pow10(max(k, l))
	}
	return sum
}

// multiply is the product of two numbers.
func multiply(a, b float64) float64 {
	m, k, ok := tens(a)
	n, l, too := tens(b)
	if whole := float64(m * n); ok && too && math.Abs(whole) <= maxWhole && k+l <= 22 {
		return whole / math.Pow10(k+l)
	}
	return float64(a * b)
}

// divide is the quotient of two numbers, the second not 0.
func divide(a, b float64) float64 {
	m, k, ok := tens(a)
	n, l, too := tens(b)
	if !ok || !too {
		return a / b
	}
	m, n = float64(m*math.Pow10(max(0, l-k))), float64(n*math.Pow10(max(0, k-l)))
	if math.Abs(m) <= maxWhole && math.Abs(n) <= maxWhole {
		return m / n
	}
	return a / b
}

// A tally adds up many numbers.
type tally struct {
	m     float64 // of the decimals, while they are not too long: m·10^-k
	k     int
	float float64 // of the floats
	loose bool    // the decimals have become too long
}

// add takes one number in.
func (t *tally) add(x float64) {
	t.float += x
	if t.loose {
		return
	}
	m, ok := scaled(x, t.k)
	for !ok {
		t.k, t.m = t.k+1, float64(t.m*10)
		if t.loose = t.k > maxTens || math.Abs(t.m) > maxWhole; t.loose {
			return
		}
		m, ok = scaled(x, t.k)
	}
	t.m += m
	t.loose = math.Abs(t.m) > maxWhole
}

// sum is what has been taken in.
func (t *tally) sum() float64 {
	if t.loose {
		return t.float
	}
	return t.m / math.Pow10(t.k)
}
