public enum Target: String, Sendable { case x86_64 }
enum TargetMacros { static func definitions(of: Target) -> [UInt8] { [] } }
