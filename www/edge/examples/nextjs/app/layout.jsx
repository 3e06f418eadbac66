export default function Layout({ children }) {
  return (
    <html lang="en">
      <body>
        {children}
        <script async src="/np/tag.js" />
      </body>
    </html>
  );
}
