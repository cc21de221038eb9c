// The part of JSON Schema (draft 7) that the project's schemas use, so that a test can hold documents to them.

import Foundation

/// A schema that documents are checked against.
public struct JSONSchema {
  private let root: [String: Any]

  /// A schema from its text.
  public init?(_ bytes: [UInt8]) {
    guard let root = try? JSONSerialization.jsonObject(with: Data(bytes)) as? [String: Any] else {
      return nil
    }
    self.root = root
  }

  /// The keys of the object that `definition` describes, of the whole document if it is nil.
  public func keys(of definition: String?) -> Set<String> {
    let schema = definition.map { resolve("#/definitions/" + $0) } ?? root
    return Set((schema["properties"] as? [String: Any] ?? [:]).keys)
  }

  /// What is wrong with a document, each with its path; empty if it is valid.
  public func faults(of bytes: [UInt8]) -> [String] {
    guard
      let value = try? JSONSerialization.jsonObject(
        with: Data(bytes), options: .fragmentsAllowed)
    else { return ["not JSON"] }
    return check(value, root, "")
  }

  private func resolve(_ reference: String) -> [String: Any] {
    var schema: Any = root
    for part in reference.dropFirst(2).split(separator: "/") {
      schema = (schema as? [String: Any])?[String(part)] ?? [String: Any]()
    }
    return schema as? [String: Any] ?? [:]
  }

  private func check(_ value: Any, _ schema: [String: Any], _ path: String) -> [String] {
    if let reference = schema["$ref"] as? String { return check(value, resolve(reference), path) }
    var faults: [String] = []
    let types = schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
    if !types.isEmpty, !types.contains(where: { Self.isType(value, $0) }) {
      return ["\(path): not of type \(types.joined(separator: " or "))"]
    }
    if let allowed = schema["enum"] as? [NSObject], !allowed.contains(where: { $0.isEqual(value) })
    {
      faults.append("\(path): \(value) is none of \(allowed)")
    }
    if let options = schema["anyOf"] as? [[String: Any]] {
      let misfits = options.map { check(value, $0, path) }
      if !misfits.contains(where: \.isEmpty) {
        // The alternative that is nearest says most.
        faults.append("\(path): fits no alternative")
        faults += misfits.min { $0.count < $1.count } ?? []
      }
    }
    switch value {
    case let object as [String: Any]: faults += checkObject(object, schema, path)
    case let array as [Any]: faults += checkArray(array, schema, path)
    case let text as String: faults += checkText(text, schema, path)
    case let number as NSNumber:
      if let minimum = schema["minimum"] as? NSNumber, number.doubleValue < minimum.doubleValue {
        faults.append("\(path): \(number) is below \(minimum)")
      }
    default: break
    }
    return faults
  }

  private func checkObject(
    _ object: [String: Any], _ schema: [String: Any], _ path: String
  ) -> [String] {
    var faults: [String] = []
    for key in schema["required"] as? [String] ?? [] where object[key] == nil {
      faults.append("\(path): no \(key)")
    }
    let properties = schema["properties"] as? [String: [String: Any]] ?? [:]
    for (key, value) in object.sorted(by: { $0.key < $1.key }) {
      if let names = schema["propertyNames"] as? [String: Any] {
        faults += check(key, names, path + "/" + key)
      }
      if let property = properties[key] {
        faults += check(value, property, path + "/" + key)
      } else if let others = schema["additionalProperties"] as? [String: Any] {
        faults += check(value, others, path + "/" + key)
      } else if schema["additionalProperties"] as? Bool == false {
        faults.append("\(path): unknown key \(key)")
      }
    }
    return faults
  }

  private func checkArray(_ array: [Any], _ schema: [String: Any], _ path: String) -> [String] {
    var faults: [String] = []
    if let minimum = schema["minItems"] as? Int, array.count < minimum {
      faults.append("\(path): fewer than \(minimum) elements")
    }
    guard let items = schema["items"] as? [String: Any] else { return faults }
    for (index, element) in array.enumerated() {
      faults += check(element, items, "\(path)/\(index)")
    }
    return faults
  }

  private func checkText(_ text: String, _ schema: [String: Any], _ path: String) -> [String] {
    var faults: [String] = []
    if let pattern = schema["pattern"] as? String,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      faults.append("\(path): '\(text)' does not match \(pattern)")
    }
    if let minimum = schema["minLength"] as? Int, text.count < minimum {
      faults.append("\(path): too short")
    }
    return faults
  }

  private static func isType(_ value: Any, _ type: String) -> Bool {
    switch type {
    case "object": return value is [String: Any]
    case "array": return value is [Any]
    case "string": return value is String
    case "boolean": return isBoolean(value)
    case "null": return value is NSNull
    case "number": return value is NSNumber && !isBoolean(value)
    case "integer":
      guard let number = value as? NSNumber, !isBoolean(value) else { return false }
      return number.doubleValue == number.doubleValue.rounded()
    default: return false
    }
  }

  private static func isBoolean(_ value: Any) -> Bool {
    (value as? NSNumber).map { unsafe String(cString: $0.objCType) == "c" } ?? false
  }
}
