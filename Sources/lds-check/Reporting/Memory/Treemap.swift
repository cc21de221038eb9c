// Rectangles in the proportion of numbers, as square as they come (Bruls, Huizing, van Wijk: Squarified Treemaps, 2000).

/// A treemap of one rectangle.
struct Treemap {
  /// A rectangle in the units of the picture.
  struct Rectangle: Equatable {
    var x: Double
    var y: Double
    var width: Double
    var height: Double
  }

  /// One rectangle for each of `values`, in their order, which has to be descending; together they fill `area`.
  static func rectangles(_ values: [Double], in area: Rectangle) -> [Rectangle] {
    let total = values.reduce(0, +)
    guard total > 0, area.width > 0, area.height > 0 else { return [] }
    let scale = area.width * area.height / total
    var result: [Rectangle] = []
    var rest = area
    var start = 0
    while start < values.count {
      let side = min(rest.width, rest.height)
      var end = start
      var sum = 0.0
      var worst = Double.infinity
      while end < values.count {
        let grown = sum + values[end] * scale
        let next = Self.worst(values[start...end], sum: grown, scale: scale, side: side)
        if end > start, next > worst { break }
        worst = next
        sum = grown
        end += 1
      }
      place(values[start..<end], sum: sum, scale: scale, in: &rest, &result)
      start = end
    }
    return result
  }

  /// How far the worst rectangle of a row is from a square.
  private static func worst(
    _ row: ArraySlice<Double>, sum: Double, scale: Double, side: Double
  ) -> Double {
    guard sum > 0, side > 0, let most = row.max(), let least = row.min(), least > 0 else {
      return .infinity
    }
    let (wide, high) = (side * side, sum * sum)
    return max(wide * most * scale / high, high / (wide * least * scale))
  }

  private static func place(
    _ row: ArraySlice<Double>, sum: Double, scale: Double, in rest: inout Rectangle,
    _ result: inout [Rectangle]
  ) {
    let isColumn = rest.width >= rest.height
    let thickness = sum / max(isColumn ? rest.height : rest.width, .leastNormalMagnitude)
    var offset = isColumn ? rest.y : rest.x
    for value in row {
      let length = thickness > 0 ? value * scale / thickness : 0
      result.append(
        isColumn
          ? Rectangle(x: rest.x, y: offset, width: thickness, height: length)
          : Rectangle(x: offset, y: rest.y, width: length, height: thickness))
      offset += length
    }
    if isColumn {
      rest.x += thickness
      rest.width = max(0, rest.width - thickness)
    } else {
      rest.y += thickness
      rest.height = max(0, rest.height - thickness)
    }
  }
}
