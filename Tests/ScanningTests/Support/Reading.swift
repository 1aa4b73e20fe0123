import Foundation
import ImageFixtures
import Layers
import Scanning
import Testing

/// Writes `layout` into a directory of its own and lends it.
func withLayout<Result>(_ layout: LayoutFixture, _ body: (String) async throws -> Result) async throws -> Result {
    try await Tool.withDirectory { directory async throws in
        try layout.write(to: directory)
        return try await body(directory)
    }
}

func withLayout<Result>(_ image: ImageFixture, _ body: (String) async throws -> Result) async throws -> Result {
    var layout = LayoutFixture()
    layout.add(image, tag: "latest")
    return try await withLayout(layout, body)
}

/// Writes `bytes` into a file and lends its path.
func withFile<Result>(_ bytes: [UInt8], _ body: (String) async throws -> Result) async throws -> Result {
    try await Tool.withDirectory { directory async throws in
        let path = directory + "/file.tar"
        try Data(bytes).write(to: URL(fileURLWithPath: path))
        return try await body(path)
    }
}

/// Scans an image by way of a layout.
func scan(_ image: ImageFixture, limits: LayerLimits = LayerLimits()) async throws -> ScannedImage {
    try await withLayout(image) { directory async throws in
        try await ImageScanner(limits: limits).scan(LayoutImage(directory: directory, tag: nil))
    }
}

/// The error of `body`; records an issue when it throws none.
func scanError(
    sourceLocation: SourceLocation = #_sourceLocation,
    _ body: () async throws -> Void
) async -> ScanError? {
    do {
        try await body()
        Issue.record("no error", sourceLocation: sourceLocation)
    } catch let error as ScanError {
        return error
    } catch {
        Issue.record("another error: \(error)", sourceLocation: sourceLocation)
    }
    return nil
}
